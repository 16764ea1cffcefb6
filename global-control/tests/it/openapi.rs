//! The API describes itself; nothing internal is in the description.

use expect_test::expect;

use crate::support::TestApp;

#[tokio::test]
async fn the_description_lists_every_public_operation() {
    let test = TestApp::start().await;
    let body = test.browser().get("/api/openapi.json").await.expect(200);
    let mut operations = Vec::new();
    for (path, methods) in body["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            operations.push(format!("{method} {path} {id}"));
        }
    }
    operations.sort();
    expect![[r#"
        get /api/me me
        get /api/orgs/{org_id} get_org
        get /api/slugs/{slug} check_slug
        get /oauth/dv360/callback dv360_callback
        post /api/login login
        post /api/logout logout
        post /api/orgs create_org
        post /api/orgs/{org_id}/enter enter_org
        post /api/signup signup"#]]
    .assert_eq(&operations.join("\n"));
    test.browser().get("/api/docs").await.expect(200);
}
