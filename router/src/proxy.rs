//! The only implementation of Pingora's `ProxyHttp`: each phase calls into another file.

use std::net::SocketAddr;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use pingora::http::{RequestHeader, ResponseHeader};
use pingora::proxy::{FailToProxy, ProxyHttp, ProxyWarnLogContext, Session};
use pingora::upstreams::peer::HttpPeer;
use pingora::{Error, ErrorType, Result};
use tokio_util::task::TaskTracker;

use crate::context::{RequestContext, Target};
use crate::decide::{self, Decision, Forward, Reject, RequestParts};
use crate::hold::Holds;
use crate::metrics::Metrics;
use crate::route_table::Routes;
use crate::{access_log, answers, framing, headers, upstreams};

/// What every request shares.
pub(crate) struct Edge {
    pub(crate) domain: String,
    pub(crate) routes: Arc<Routes>,
    pub(crate) app: SocketAddr,
    pub(crate) app_key: [u8; 32],
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) holds: Arc<Holds>,
    pub(crate) open: TaskTracker,
}

impl Edge {
    fn decide(&self, request: &RequestHeader) -> Decision {
        if let Some(reject) = framing::refusal(request) {
            return Decision::Reject(reject);
        }
        let parts = RequestParts {
            host: headers::requested_host(request),
            path_and_query: request
                .uri
                .path_and_query()
                .map_or("/", |path| path.as_str()),
            content_length: request
                .headers
                .get(CONTENT_LENGTH)
                .and_then(|value| value.to_str().ok()?.parse().ok()),
        };
        decide::decide(&self.routes.load(), &self.domain, parts)
    }

    /// True when the request has been answered.
    async fn admit(&self, session: &mut Session, context: &mut RequestContext) -> Result<bool> {
        match self.decide(session.req_header()) {
            Decision::ToApp => context.target = Target::App,
            Decision::Forward(forward) => context.target = Target::Org(forward),
            Decision::Redirect { location } => {
                answers::redirect(session, context, &location).await?;
                return Ok(true);
            }
            Decision::Reject(reject) => {
                answers::refuse(session, context, reject).await?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A later try decides again, so that a change of route in the meantime is followed. Nothing has
    /// been sent to anybody yet, so this is where a request can wait.
    async fn choose_peer(
        &self,
        session: &mut Session,
        context: &mut RequestContext,
    ) -> Result<HttpPeer> {
        if context.tries > 0 {
            self.decide_again(session, context)?;
        }
        if let Target::Org(Forward {
            org, held: true, ..
        }) = context.target
        {
            context.refused = Some(Reject::OrgMoving);
            context.place = self.holds.wait(org, &self.routes, session).await?;
            context.refused = None;
            self.decide_again(session, context)?;
        }
        context.tries += 1;
        context.body_bytes = 0;
        Ok(upstreams::peer(
            &context.target,
            self.app,
            session.req_header(),
        ))
    }

    fn decide_again(&self, session: &Session, context: &mut RequestContext) -> Result<()> {
        match self.decide(session.req_header()) {
            Decision::Forward(forward) => context.target = Target::Org(forward),
            Decision::ToApp => context.target = Target::App,
            Decision::Reject(reject) => {
                context.refused = Some(reject);
                return Error::e_explain(ErrorType::HTTPStatus(503), reject.code());
            }
            Decision::Redirect { .. } => {}
        }
        Ok(())
    }

    async fn fail(
        &self,
        session: &mut Session,
        context: &mut RequestContext,
        error: &Error,
    ) -> FailToProxy {
        access_log::failed(context, error, &self.metrics);
        let verdict = upstreams::verdict(context, error);
        let answered = session.response_written().is_some();
        if let (Some(reject), false) = (verdict, answered) {
            session.set_keepalive(None);
            if let Err(error) = answers::refuse(session, context, reject).await {
                tracing::debug!(%error, "the client left before its answer");
            }
        }
        FailToProxy {
            error_code: verdict.map_or(0, Reject::status),
            can_reuse_downstream: false,
        }
    }
}

#[async_trait]
impl ProxyHttp for Edge {
    type CTX = RequestContext;

    fn new_ctx(&self) -> RequestContext {
        RequestContext::new(self.open.token())
    }

    async fn early_request_filter(
        &self,
        session: &mut Session,
        _: &mut RequestContext,
    ) -> Result<()> {
        upstreams::tune_client(session);
        Ok(())
    }

    async fn request_filter(
        &self,
        session: &mut Session,
        ctx: &mut RequestContext,
    ) -> Result<bool> {
        self.admit(session, ctx).await
    }

    async fn upstream_peer(
        &self,
        session: &mut Session,
        ctx: &mut RequestContext,
    ) -> Result<Box<HttpPeer>> {
        self.choose_peer(session, ctx).await.map(Box::new)
    }

    fn fail_to_connect(
        &self,
        _: &mut Session,
        _: &HttpPeer,
        _: &mut RequestContext,
        e: Box<Error>,
    ) -> Box<Error> {
        upstreams::connect_failed(e)
    }

    async fn upstream_request_filter(
        &self,
        session: &mut Session,
        request: &mut RequestHeader,
        ctx: &mut RequestContext,
    ) -> Result<()> {
        headers::prepare_request(session, request, ctx, &self.app_key)
    }

    async fn request_body_filter(
        &self,
        session: &mut Session,
        body: &mut Option<Bytes>,
        _: bool,
        ctx: &mut RequestContext,
    ) -> Result<()> {
        upstreams::count_body(session, ctx, body.as_ref())
    }

    async fn upstream_response_filter(
        &self,
        _: &mut Session,
        response: &mut ResponseHeader,
        ctx: &mut RequestContext,
    ) -> Result<()> {
        ctx.place = None;
        upstreams::check_ownership(response, &ctx.target)
    }

    async fn response_filter(
        &self,
        _: &mut Session,
        response: &mut ResponseHeader,
        ctx: &mut RequestContext,
    ) -> Result<()> {
        headers::prepare_response(response, ctx)
    }

    async fn fail_to_proxy(
        &self,
        session: &mut Session,
        e: &Error,
        ctx: &mut RequestContext,
    ) -> FailToProxy {
        self.fail(session, ctx, e).await
    }

    async fn logging(&self, session: &mut Session, _: Option<&Error>, ctx: &mut RequestContext) {
        access_log::answered(session, ctx, &self.metrics);
    }

    fn suppress_error_log(&self, _: &Session, _: &RequestContext, _: &Error) -> bool {
        true
    }

    fn suppress_proxy_warn_log(
        &self,
        _: &Session,
        _: &RequestContext,
        _: &Error,
        _: ProxyWarnLogContext,
    ) -> bool {
        true
    }
}
