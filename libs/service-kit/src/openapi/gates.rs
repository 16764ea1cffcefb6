//! What every operation can answer besides its own: said once, here, instead of on each handler.
//!
//! An operation's own words win; this adds the statuses of the gates and extractors around it.

use utoipa::PartialSchema;
use utoipa::openapi::path::{Operation, Parameter, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{
    Components, ContentBuilder, OpenApi, PathItem, Ref, RefOr, Response, ResponseBuilder, Schema,
};

use crate::error::{ErrorBody, ErrorDetail};
use crate::idempotency;

/// Completes a service's description.
#[must_use]
pub fn complete(mut api: OpenApi) -> OpenApi {
    let schemas = &mut api
        .components
        .get_or_insert_with(Components::default)
        .schemas;
    schemas.insert("ErrorBody".to_owned(), ErrorBody::schema());
    schemas.insert("ErrorDetail".to_owned(), ErrorDetail::schema());
    for item in api.paths.paths.values_mut() {
        for (method, operation) in operations(item) {
            describe(method, operation);
        }
    }
    api
}

/// Adds an answer that an operation does not describe itself.
pub fn answers(operation: &mut Operation, status: u16, description: &str) {
    let responses = &mut operation.responses.responses;
    responses.entry(status.to_string()).or_insert_with(|| {
        ResponseBuilder::new()
            .description(description)
            .build()
            .into()
    });
}

/// The operations of a path that are there.
pub fn operations(item: &mut PathItem) -> Vec<(&'static str, &mut Operation)> {
    [
        ("GET", item.get.as_mut()),
        ("POST", item.post.as_mut()),
        ("PUT", item.put.as_mut()),
        ("PATCH", item.patch.as_mut()),
        ("DELETE", item.delete.as_mut()),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation?)))
    .collect()
}

fn describe(method: &str, operation: &mut Operation) {
    let mut places = Vec::new();
    let mut keyed = false;
    for parameter in operation.parameters.iter_mut().flatten() {
        let RefOr::T(parameter) = parameter else {
            continue;
        };
        places.push(parameter.parameter_in.clone());
        if parameter.name == idempotency::HEADER {
            keyed = true;
            describe_key(parameter);
        }
    }
    if places.contains(&ParameterIn::Path) {
        answers(operation, 404, "`not_found`: nothing, or nothing of yours");
    }
    if operation.request_body.is_some() {
        answers(
            operation,
            400,
            "`malformed_json`, or no usable idempotency-key",
        );
        answers(operation, 413, "`body_too_large`");
        answers(operation, 415, "`not_json`");
        answers(operation, 422, "`invalid_body`, `idempotency_key_reused`");
    } else if keyed || places.contains(&ParameterIn::Query) {
        answers(
            operation,
            400,
            "`invalid_query`, or no usable idempotency-key",
        );
    }
    if keyed {
        answers(operation, 409, "`idempotency_in_progress`");
        answers(operation, 413, "`body_too_large`");
        answers(operation, 422, "`idempotency_key_reused`");
    }
    if method != "GET" {
        answers(operation, 403, "the request came from another site's page");
    }
    answers(operation, 503, "not at this moment; see `retry-after`");
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response
            && status.starts_with(['4', '5'])
        {
            give_body(response);
        }
    }
}

fn describe_key(parameter: &mut Parameter) {
    let schema = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(idempotency::MAX_LEN))
        .pattern(Some("^[!-~]+$"))
        .build();
    parameter.schema = Some(RefOr::T(Schema::Object(schema)));
    let meaning = "A fresh random value per intended write; sent again, the write happens once";
    parameter
        .description
        .get_or_insert_with(|| meaning.to_owned());
}

fn give_body(response: &mut Response) {
    if response.content.is_empty() {
        let schema = Ref::from_schema_name("ErrorBody");
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let kind = "application/json".to_owned();
        response.content.insert(kind, RefOr::T(content));
    }
}

#[cfg(test)]
mod tests {
    //! What a description says after completion.

    use serde_json::{Value, json};
    use utoipa::openapi::OpenApi;

    use super::complete;

    fn statuses(operation: Value) -> Vec<String> {
        let api: OpenApi = serde_json::from_value(json!({
            "openapi": "3.1.0", "info": {"title": "t", "version": "1"},
            "paths": {"/a": operation},
        }))
        .unwrap();
        let text = complete(api).to_json().unwrap();
        let api: Value = serde_json::from_str(&text).unwrap();
        let item = api["paths"]["/a"].as_object().unwrap();
        let responses = item.values().next().unwrap()["responses"]
            .as_object()
            .unwrap();
        for (status, response) in responses
            .iter()
            .filter(|(status, _)| status.as_str() > "399")
        {
            let schema = &response["content"]["application/json"]["schema"]["$ref"];
            assert_eq!(schema, "#/components/schemas/ErrorBody", "{status}");
        }
        responses.keys().cloned().collect()
    }

    #[test]
    fn every_gate_on_the_way_is_described() {
        let ok = json!({"200": {"description": "ok"}});
        assert_eq!(statuses(json!({"get": {"responses": ok}})), ["200", "503"]);
        let query = json!([{"name": "q", "in": "query", "required": false}]);
        assert_eq!(
            statuses(json!({"get": {"parameters": query, "responses": ok}})),
            ["200", "400", "503"]
        );
        let key = json!([{"name": "idempotency-key", "in": "header", "required": true}]);
        let body = json!({"content": {}});
        assert_eq!(
            statuses(json!({"post": {"parameters": key, "requestBody": body, "responses": ok}})),
            ["200", "400", "403", "409", "413", "415", "422", "503"]
        );
    }
}
