//! A client with the verbs the tests speak, and a simulator to speak them to.

use std::time::{Duration, Instant};

use chrono::NaiveDate;
use dv360_simulator::config::SimulatorConfig;
use dv360_simulator::world::{AdvertiserSpec, PartnerSpec, World};
use dv360_simulator::{Running, Simulator};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

pub(crate) const ANA: &str = dv360_simulator::world::builder::DEFAULT_USER;
pub(crate) const BEN: &str = "ben@northlight.example";
pub(crate) const OUTSIDER: &str = "new.hire@meridian.example";
pub(crate) const REDIRECT: &str = "http://127.0.0.1/callback";
pub(crate) const SCOPES: &str = "openid https://www.googleapis.com/auth/display-video \
                                 https://www.googleapis.com/auth/doubleclickbidmanager";

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Two partners; Ana sees the first, Ben the second.
pub(crate) fn two_partners() -> World {
    let first = PartnerSpec {
        users: vec![ANA.to_owned()],
        ..PartnerSpec::default()
    };
    let second = PartnerSpec {
        name: "Northlight".to_owned(),
        users: vec![BEN.to_owned()],
        ..PartnerSpec::default()
    };
    World::builder(5)
        .built_on(day("2026-07-20"))
        .partner(first)
        .advertiser(AdvertiserSpec {
            line_items: 6,
            ..AdvertiserSpec::default()
        })
        .advertiser(AdvertiserSpec {
            name: "Lumen".to_owned(),
            line_items: 3,
            ..AdvertiserSpec::default()
        })
        .partner(second)
        .advertiser(AdvertiserSpec {
            name: "Fjord".to_owned(),
            line_items: 4,
            ..AdvertiserSpec::default()
        })
        .outsider(OUTSIDER)
        .build()
}

pub(crate) fn config() -> SimulatorConfig {
    SimulatorConfig {
        today: Some(day("2026-07-20")),
        ..SimulatorConfig::for_tests()
    }
}

pub(crate) struct Api {
    pub(crate) running: Running,
    http: Client,
    token: String,
    pub(crate) refresh_token: String,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Value,
}

impl Answer {
    /// `code STATUS message` of a Google error.
    pub(crate) fn error(&self) -> String {
        let error = &self.body["error"];
        let text = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
        format!("{} {} {}", error["code"], text("status"), text("message"))
    }
}

pub(crate) fn http() -> Client {
    service_kit::install_crypto();
    let builder = Client::builder().redirect(reqwest::redirect::Policy::none());
    builder.no_proxy().build().unwrap()
}

impl Api {
    /// A simulator with the world of two partners, and Ana signed in.
    pub(crate) async fn start() -> Api {
        Self::start_with(config(), two_partners()).await
    }

    pub(crate) async fn start_with(config: SimulatorConfig, world: World) -> Api {
        let running = Simulator::start_with(config, world).await.unwrap();
        let (token, refresh_token) = sign_in(&running.base_url, ANA).await;
        Api {
            running,
            http: http(),
            token,
            refresh_token,
        }
    }

    pub(crate) async fn sign_in(&mut self, email: &str) {
        (self.token, self.refresh_token) = sign_in(&self.running.base_url, email).await;
    }

    pub(crate) fn set_token(&mut self, token: &str) {
        self.token = token.to_owned();
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let url = format!("{}{path}", self.running.base_url);
        let mut request = self.http.request(method, url).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        let status = response.status();
        Answer {
            status,
            body: response.json().await.unwrap_or(Value::Null),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn plain(&self, url: &str) -> reqwest::Result<reqwest::Response> {
        self.http.get(url).send().await
    }

    pub(crate) async fn set_faults(&self, advertiser: &str, faults: Value) {
        let order = json!({"advertiser_id": advertiser, "faults": faults});
        let answer = self.send(Method::PUT, "/sim/faults", Some(order)).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{answer:?}");
    }

    pub(crate) async fn configure(&self, change: Value) {
        let answer = self.post("/sim/config", change).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{answer:?}");
    }

    /// The ids of the advertisers in the world, whoever sees them.
    pub(crate) async fn advertisers(&self) -> Vec<(String, String)> {
        let world = self.get("/sim/world").await.body;
        let list = world["advertisers"].as_array().unwrap().iter();
        list.map(|one| (text(&one["partner_id"]), text(&one["advertiser_id"])))
            .collect()
    }

    pub(crate) async fn create_query(&self, query: Value) -> String {
        let answer = self.post("/v2/queries", query).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        text(&answer.body["queryId"])
    }

    pub(crate) async fn run(&self, query: &str) -> Value {
        let answer = self
            .post(&format!("/v2/queries/{query}:run"), json!({}))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        answer.body
    }

    /// Fetches the report until it is in the state; panics after a while.
    pub(crate) async fn wait_for(&self, report: &Value, state: &str) -> Value {
        let (query, id) = (
            text(&report["key"]["queryId"]),
            text(&report["key"]["reportId"]),
        );
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            let answer = self.get(&format!("/v2/queries/{query}/reports/{id}")).await;
            if answer.body["metadata"]["status"]["state"] == state {
                return answer.body;
            }
            assert!(Instant::now() < deadline, "never {state}: {answer:?}");
            tokio::task::yield_now().await;
        }
    }

    /// Creates, runs and downloads in one go.
    pub(crate) async fn download(&self, query: Value) -> String {
        let query = self.create_query(query).await;
        let report = self.run(&query).await;
        let done = self.wait_for(&report, "DONE").await;
        let link = text(&done["metadata"]["googleCloudStoragePath"]);
        self.plain(&link).await.unwrap().text().await.unwrap()
    }
}

/// Goes through consent and the token endpoint; the access and the refresh token.
async fn sign_in(base_url: &str, email: &str) -> (String, String) {
    let code = consent(base_url, &[("user", email)]).await;
    let token = exchange(
        base_url,
        &[("grant_type", "authorization_code"), ("code", &code)],
    )
    .await;
    assert_eq!(token.status, StatusCode::OK, "{token:?}");
    (
        text(&token.body["access_token"]),
        text(&token.body["refresh_token"]),
    )
}

/// The code of an automatic consent.
pub(crate) async fn consent(base_url: &str, extra: &[(&str, &str)]) -> String {
    let location = authorize(base_url, &[extra, &[("auto", "1")]].concat()).await;
    let url = reqwest::Url::parse(&location).unwrap();
    let code = url.query_pairs().find(|(name, _)| name == "code");
    code.unwrap_or_else(|| panic!("no code in {location}"))
        .1
        .into_owned()
}

/// Where the authorization endpoint redirects to.
pub(crate) async fn authorize(base_url: &str, extra: &[(&str, &str)]) -> String {
    let fixed = [
        ("client_id", "client"),
        ("redirect_uri", REDIRECT),
        ("response_type", "code"),
        ("scope", SCOPES),
        ("access_type", "offline"),
        ("prompt", "consent"),
        ("state", "acme.opaque"),
    ];
    let url = format!("{base_url}/o/oauth2/v2/auth");
    let response = http()
        .get(url)
        .query(&fixed)
        .query(extra)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    response.headers()["location"].to_str().unwrap().to_owned()
}

pub(crate) async fn exchange(base_url: &str, fields: &[(&str, &str)]) -> Answer {
    let fixed = [
        ("client_id", "client"),
        ("client_secret", "secret"),
        ("redirect_uri", REDIRECT),
    ];
    let form = [&fixed, fields].concat();
    let response = http()
        .post(format!("{base_url}/token"))
        .form(&form)
        .send()
        .await
        .unwrap();
    let status = response.status();
    Answer {
        status,
        body: response.json().await.unwrap(),
    }
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A query of daily line item figures over the last seven days.
pub(crate) fn daily(partner: &str, advertiser: &str) -> Value {
    json!({
        "metadata": {"title": "daily", "dataRange": {"range": "LAST_7_DAYS"}, "format": "CSV"},
        "params": {
            "type": "STANDARD",
            "groupBys": [
                "FILTER_DATE", "FILTER_ADVERTISER_CURRENCY", "FILTER_INSERTION_ORDER", "FILTER_LINE_ITEM",
            ],
            "metrics": ["METRIC_IMPRESSIONS", "METRIC_CLICKS", "METRIC_REVENUE_ADVERTISER"],
            "filters": [
                {"type": "FILTER_PARTNER", "value": partner},
                {"type": "FILTER_ADVERTISER", "value": advertiser},
            ],
        },
        "schedule": {"frequency": "ONE_TIME"},
    })
}
