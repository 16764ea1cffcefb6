// Generated from openapi.cell.json by `npm run gen`; do not edit.
export interface paths {
    "/api/attention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What needs somebody now */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AttentionList"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/backfills": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List backfills, newest first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["BackfillList"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        /** Start a backfill that was forecast */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description A fresh random value per intended write; sent again, the write happens once */
                    "idempotency-key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ConfirmBackfill"];
                };
            };
            responses: {
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Backfill"];
                    };
                };
                /** @description `malformed_json`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `start_sync` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `backfill_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `forecast_too_old`, `backfill_under_way` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `body_too_large` */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_json` */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `invalid_body`, `idempotency_key_reused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/backfills/forecast": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say what a backfill would take
         * @description Nothing is asked of the source. The forecast has to be confirmed while it is fresh.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description A fresh random value per intended write; sent again, the write happens once */
                    "idempotency-key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewForecast"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ForecastAnswer"];
                    };
                };
                /** @description `malformed_json`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `start_sync` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `connection_not_found`, `pipeline_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `connection_not_ready` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `body_too_large` */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_json` */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `invalid_range`, `leaves_a_gap` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/backfills/{backfill_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One backfill, with its windows */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    backfill_id: components["schemas"]["BackfillId"];
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Backfill"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `backfill_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/backfills/{backfill_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a backfill
         * @description The window that is under way is finished; what was loaded stays.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description A fresh random value per intended write; sent again, the write happens once */
                    "idempotency-key": string;
                };
                path: {
                    backfill_id: components["schemas"]["BackfillId"];
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Backfill"];
                    };
                };
                /** @description `invalid_query`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `start_sync` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `backfill_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `backfill_over` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `body_too_large` */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `idempotency_key_reused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/bronze/{bronze_id}/lines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The lines of a file around one of them
         * @description The file is as the source sent it, so a line may hold anything; show it as text.
         */
        get: {
            parameters: {
                query: {
                    /** @description From 1. */
                    line: number;
                };
                header?: never;
                path: {
                    bronze_id: components["schemas"]["BronzeId"];
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FileLines"];
                    };
                };
                /** @description `invalid_query`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `file_not_found`, `line_too_far` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/budgets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the org may use to bring its data in, and has used */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["BudgetList"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        /**
         * Set the org's own limits
         * @description The platform's hold beside them: whichever is lower. At the soft limit backfills wait, at the hard
         *     one nothing is asked of sources until the time is over.
         */
        put: {
            parameters: {
                query?: never;
                header: {
                    /** @description A fresh random value per intended write; sent again, the write happens once */
                    "idempotency-key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SetBudgets"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["BudgetList"];
                    };
                };
                /** @description `malformed_json`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `manage_settings` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `idempotency_in_progress` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `body_too_large` */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_json` */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `invalid_limit` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/budgets/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who changed the org's own limits, newest first */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["BudgetChangeList"];
                    };
                };
                /** @description `invalid_query` */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/connections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List connections */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ConnectionList"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        /** Make a connection that files are delivered to */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description A fresh random value per intended write; sent again, the write happens once */
                    "idempotency-key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewDrop"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Connection"];
                    };
                };
                /** @description `malformed_json`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `manage_connections` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `idempotency_in_progress` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `body_too_large` */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_json` */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `invalid_name` or `connector_needs_consent` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/connections/dv360/authorize": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin to connect DV360 */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description A fresh random value per intended write; sent again, the write happens once */
                    "idempotency-key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Authorize"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AuthorizeAnswer"];
                    };
                };
                /** @description `malformed_json`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `manage_connections` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `connection_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `idempotency_in_progress` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `body_too_large` */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_json` */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `invalid_return_path` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/connections/{connection_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One connection */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    connection_id: components["schemas"]["ConnectionId"];
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Connection"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `connection_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /**
         * Remove a connection
         * @description Its data stays. The consent itself is withdrawn in the Google account, as it may serve other
         *     orgs, too.
         */
        delete: {
            parameters: {
                query?: never;
                header: {
                    /** @description A fresh random value per intended write; sent again, the write happens once */
                    "idempotency-key": string;
                };
                path: {
                    connection_id: components["schemas"]["ConnectionId"];
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description `invalid_query`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `manage_connections` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `connection_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `idempotency_in_progress` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `body_too_large` */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `idempotency_key_reused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/connections/{connection_id}/advertisers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The advertisers of a partner */
        get: {
            parameters: {
                query: {
                    partner_id: string;
                    /** @description Part of a name, or an id. */
                    search?: string;
                };
                header?: never;
                path: {
                    connection_id: components["schemas"]["ConnectionId"];
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AdvertiserList"];
                    };
                };
                /** @description `invalid_query`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `manage_connections` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `connection_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        /**
         * Choose advertisers
         * @description Starts the backfill of each pipeline that is on by itself; the one of the line items' days is
         *     answered, if it is on.
         */
        put: {
            parameters: {
                query?: never;
                header: {
                    /** @description A fresh random value per intended write; sent again, the write happens once */
                    "idempotency-key": string;
                };
                path: {
                    connection_id: components["schemas"]["ConnectionId"];
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ChooseAdvertisers"];
                };
            };
            responses: {
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Sync"];
                    };
                };
                /** @description `malformed_json`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `manage_connections` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `connection_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `no_pipeline_on` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `body_too_large` */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_json` */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `wrong_choice` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/connections/{connection_id}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was delivered */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    connection_id: components["schemas"]["ConnectionId"];
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DeliveredFileList"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `connection_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Deliver a file
         * @description The body is the file, up to 10 MiB. The same bytes again are the same delivery, so this may be
         *     repeated and takes no idempotency key.
         */
        post: {
            parameters: {
                query: {
                    /** @description What the file is called, such as `ttd_2026-11-23.csv`. */
                    name: string;
                    /** @description Absent: the one whose `name_pattern` fits. */
                    pipeline?: string;
                };
                header?: never;
                path: {
                    connection_id: components["schemas"]["ConnectionId"];
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "text/csv": string;
                };
            };
            responses: {
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Sync"];
                    };
                };
                /** @description `malformed_json`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `start_sync` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `connection_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_a_file_drop` or `pipeline_not_on` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `body_too_large` */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_json` */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `file_refused` or `file_name_refused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/connections/{connection_id}/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether a connection works */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    connection_id: components["schemas"]["ConnectionId"];
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ConnectionHealth"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `connection_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/connections/{connection_id}/partners": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The partners the account sees */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    connection_id: components["schemas"]["ConnectionId"];
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PartnerList"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `manage_connections` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `connection_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/data/calendar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which days are loaded, and how certain they are */
        get: {
            parameters: {
                query: {
                    /**
                     * @description `line_item_days` if it is not said, `advertiser_days`, or the name of a pipeline that breaks
                     *     days down.
                     */
                    dataset?: string;
                    from: string;
                    /** @description At most 400 days later, both ends inclusive. */
                    to: string;
                    advertiser_id?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Calendar"];
                    };
                };
                /** @description `invalid_range` */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/data/freshness": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How fresh each advertiser's data is, against its target */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DataFreshnessList"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/data/reconciliation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is loaded against the source's own sums */
        get: {
            parameters: {
                query: {
                    from: string;
                    /** @description At most 400 days later, both ends inclusive. */
                    to: string;
                    advertiser_id?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Reconciliation"];
                    };
                };
                /** @description `invalid_range` */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/data/retention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is kept, and what no longer
         * @description Dropped once a day, by what the pipelines say of retention. Nothing is changed by asking.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RetentionPlan"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/data/retention/drops": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What runs have dropped, newest first */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RetentionDropList"];
                    };
                };
                /** @description `invalid_query` */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/entities/{dsp}/{entity_id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What an entity was, and when */
        get: {
            parameters: {
                query?: {
                    /**
                     * @description `partner`, `advertiser`, `campaign`, `insertion_order`, `line_item` or `creative`; absent:
                     *     whatever has this id.
                     */
                    kind?: string;
                };
                header?: never;
                path: {
                    dsp: string;
                    entity_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EntityVersionList"];
                    };
                };
                /** @description `invalid_kind` */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `entity_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/freshness": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far each advertiser's data reaches */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FreshnessList"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/lineage/line-items/{dsp}/{line_item_id}/days/{date}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where a line item's figures of a day come from */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    dsp: string;
                    line_item_id: string;
                    date: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Lineage"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `day_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign out of this org */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Signed out, whether or not signed in before */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description the request came from another site's page */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who has been in this org, by name
         * @description Also those who are not any more: what they did still says so.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MemberList"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/modules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List modules */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ModuleList"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/modules/{module}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One module
         * @description Its `ETag` is the version that a change is made on.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    module: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Module"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `module_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        /**
         * Switch a module on or off, and configure it
         * @description Keeps a new version; the module runs again over everything.
         */
        put: {
            parameters: {
                query?: never;
                header: {
                    /** @description A fresh random value per intended write; sent again, the write happens once */
                    "idempotency-key": string;
                    "if-match": string;
                };
                path: {
                    module: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PutModule"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Module"];
                    };
                };
                /** @description `malformed_json`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `manage_settings` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `module_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `idempotency_in_progress` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `version_conflict` */
                412: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `body_too_large` */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_json` */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `invalid_settings`: the first thing that is wrong; all are the preview's */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `if_match_missing` */
                428: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/modules/{module}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try other settings
         * @description What is wrong with them, and what they would change on the org's own data. Nothing is kept.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description A fresh random value per intended write; sent again, the write happens once */
                    "idempotency-key": string;
                };
                path: {
                    module: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["TrySettings"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ModuleTrial"];
                    };
                };
                /** @description `malformed_json`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `module_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `idempotency_in_progress` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `body_too_large` */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_json` */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `invalid_body`, `idempotency_key_reused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/modules/{module}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The latest runs of a module, by advertiser */
        get: {
            parameters: {
                query?: {
                    /** @description From an earlier page. */
                    cursor?: string;
                };
                header?: never;
                path: {
                    module: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ModuleRunList"];
                    };
                };
                /** @description `invalid_cursor` */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `module_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/modules/{module}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The changes of a module, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description From an earlier page. */
                    cursor?: number;
                };
                header?: never;
                path: {
                    module: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ModuleVersionList"];
                    };
                };
                /** @description `invalid_query`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `module_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pacing/advertisers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Advertisers: their running orders summed up, by unit */
        get: {
            parameters: {
                query?: {
                    advertiser_id?: string;
                    campaign_id?: string;
                    insertion_order_id?: string;
                    /** @description Orders of this portfolio only. */
                    portfolio_id?: string;
                    /** @description One or more statuses, separated by commas. */
                    status?: string;
                    /** @description Part of its name, or of its order's, its campaign's or its advertiser's, or an id. */
                    search?: string;
                    /**
                     * @description A column of the row; with `-` in front, largest first.
                     *     Columns of amounts sort within each currency, impressions last. Default:
                     *     `-at_risk_percent`, the largest share of a budget at risk first.
                     */
                    sort?: string;
                    cursor?: string;
                    /** @description At most 500; default 50. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PacingList"];
                    };
                };
                /** @description `invalid_sort`, `invalid_status`, `invalid_cursor` */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pacing/campaigns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Campaigns: their running orders summed up, by unit */
        get: {
            parameters: {
                query?: {
                    advertiser_id?: string;
                    campaign_id?: string;
                    insertion_order_id?: string;
                    /** @description Orders of this portfolio only. */
                    portfolio_id?: string;
                    /** @description One or more statuses, separated by commas. */
                    status?: string;
                    /** @description Part of its name, or of its order's, its campaign's or its advertiser's, or an id. */
                    search?: string;
                    /**
                     * @description A column of the row; with `-` in front, largest first.
                     *     Columns of amounts sort within each currency, impressions last. Default:
                     *     `-at_risk_percent`, the largest share of a budget at risk first.
                     */
                    sort?: string;
                    cursor?: string;
                    /** @description At most 500; default 50. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PacingList"];
                    };
                };
                /** @description `invalid_sort`, `invalid_status`, `invalid_cursor` */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pacing/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All rows of a list as a file */
        get: {
            parameters: {
                query: {
                    level: components["schemas"]["PacingLevel"];
                    /** @description `csv` in whole units for spreadsheets, or `ndjson`: a row of the list a line. */
                    format: "csv" | "ndjson";
                    advertiser_id?: string;
                    campaign_id?: string;
                    insertion_order_id?: string;
                    portfolio_id?: string;
                    status?: string;
                    search?: string;
                    sort?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/csv": string;
                    };
                };
                /** @description `invalid_sort`, `invalid_status`, `invalid_query` */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pacing/insertion-orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Insertion orders against their budgets */
        get: {
            parameters: {
                query?: {
                    advertiser_id?: string;
                    campaign_id?: string;
                    insertion_order_id?: string;
                    /** @description Orders of this portfolio only. */
                    portfolio_id?: string;
                    /** @description One or more statuses, separated by commas. */
                    status?: string;
                    /** @description Part of its name, or of its order's, its campaign's or its advertiser's, or an id. */
                    search?: string;
                    /**
                     * @description A column of the row; with `-` in front, largest first.
                     *     Columns of amounts sort within each currency, impressions last. Default:
                     *     `-at_risk_percent`, the largest share of a budget at risk first.
                     */
                    sort?: string;
                    cursor?: string;
                    /** @description At most 500; default 50. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PacingList"];
                    };
                };
                /** @description `invalid_sort`, `invalid_status`, `invalid_cursor` */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pacing/insertion-orders/{insertion_order_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One insertion order in full */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    insertion_order_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PacingDetail"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `insertion_order_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pacing/insertion-orders/{insertion_order_id}/what-if": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What would be if */
        get: {
            parameters: {
                query?: {
                    /** @description In millionths of the order's unit. */
                    budget_micros?: number;
                    /** @description The last day. */
                    end_date?: string;
                    /** @description What each day left delivers, instead of the mean of the last seven. */
                    per_day_micros?: number;
                };
                header?: never;
                path: {
                    insertion_order_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PacingSupposed"];
                    };
                };
                /** @description `invalid_what_if` */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `insertion_order_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pacing/line-items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Line items against their budgets */
        get: {
            parameters: {
                query?: {
                    advertiser_id?: string;
                    campaign_id?: string;
                    insertion_order_id?: string;
                    /** @description Orders of this portfolio only. */
                    portfolio_id?: string;
                    /** @description One or more statuses, separated by commas. */
                    status?: string;
                    /** @description Part of its name, or of its order's, its campaign's or its advertiser's, or an id. */
                    search?: string;
                    /**
                     * @description A column of the row; with `-` in front, largest first.
                     *     Columns of amounts sort within each currency, impressions last. Default:
                     *     `-at_risk_percent`, the largest share of a budget at risk first.
                     */
                    sort?: string;
                    cursor?: string;
                    /** @description At most 500; default 50. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PacingList"];
                    };
                };
                /** @description `invalid_sort`, `invalid_status`, `invalid_cursor` */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pacing/portfolios": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Portfolios: their running orders summed up, by unit */
        get: {
            parameters: {
                query?: {
                    advertiser_id?: string;
                    campaign_id?: string;
                    insertion_order_id?: string;
                    /** @description Orders of this portfolio only. */
                    portfolio_id?: string;
                    /** @description One or more statuses, separated by commas. */
                    status?: string;
                    /** @description Part of its name, or of its order's, its campaign's or its advertiser's, or an id. */
                    search?: string;
                    /**
                     * @description A column of the row; with `-` in front, largest first.
                     *     Columns of amounts sort within each currency, impressions last. Default:
                     *     `-at_risk_percent`, the largest share of a budget at risk first.
                     */
                    sort?: string;
                    cursor?: string;
                    /** @description At most 500; default 50. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PacingList"];
                    };
                };
                /** @description `invalid_sort`, `invalid_status`, `invalid_cursor` */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pacing/saved": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Views and portfolios of the org */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PacingSavedList"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        /** Keep a view or a portfolio */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description A fresh random value per intended write; sent again, the write happens once */
                    "idempotency-key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SavePacing"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PacingSaved"];
                    };
                };
                /** @description `malformed_json`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `name_taken`, `too_many_saved` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `body_too_large` */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_json` */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `invalid_saved` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pacing/saved/{saved_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change what is kept */
        put: {
            parameters: {
                query?: never;
                header: {
                    /** @description A fresh random value per intended write; sent again, the write happens once */
                    "idempotency-key": string;
                };
                path: {
                    saved_id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SavePacing"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PacingSaved"];
                    };
                };
                /** @description `malformed_json`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_yours` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `saved_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `name_taken`, `version_conflict` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `body_too_large` */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_json` */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `invalid_saved` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        post?: never;
        /** Remove what is kept */
        delete: {
            parameters: {
                query: {
                    expected_version: number;
                };
                header: {
                    /** @description A fresh random value per intended write; sent again, the write happens once */
                    "idempotency-key": string;
                };
                path: {
                    saved_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description `invalid_query`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_yours` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `saved_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `version_conflict` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `body_too_large` */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `idempotency_key_reused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pipelines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List pipelines */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PipelineList"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pipelines/schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a spec can say
         * @description A JSON Schema (2020-12).
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/schema+json": Record<string, never>;
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pipelines/{pipeline}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One pipeline */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    pipeline: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Pipeline"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `pipeline_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pipelines/{pipeline}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a change
         * @description Nothing is kept. A layer that is a whole spec may be tried under a name that is still free.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description A fresh random value per intended write; sent again, the write happens once */
                    "idempotency-key": string;
                };
                path: {
                    pipeline: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["CheckLayer"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PipelineCheck"];
                    };
                };
                /** @description `malformed_json`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `pipeline_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `idempotency_in_progress` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `body_too_large` */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_json` */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `invalid_body`, `idempotency_key_reused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pipelines/{pipeline}/dry-run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a change on a file
         * @description Reads a file of bronze, or a sample, as the pipeline would with the change, and compares with
         *     silver. Nothing is kept.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description A fresh random value per intended write; sent again, the write happens once */
                    "idempotency-key": string;
                };
                path: {
                    pipeline: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["TryLayer"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DryRun"];
                    };
                };
                /** @description `malformed_json`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `manage_pipelines` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `pipeline_not_found` or `bronze_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `no_file_yet` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `body_too_large` */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_json` */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `invalid_pipeline`, `invalid_sample` or `file_too_large` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pipelines/{pipeline}/enabled": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Switch a pipeline on or off
         * @description Switched on, it runs on each connection of its source: all days it reaches back to at once, then
         *     each morning.
         */
        put: {
            parameters: {
                query?: never;
                header: {
                    /** @description A fresh random value per intended write; sent again, the write happens once */
                    "idempotency-key": string;
                };
                path: {
                    pipeline: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PutEnabled"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Pipeline"];
                    };
                };
                /** @description `malformed_json`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `manage_pipelines` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `pipeline_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `rows_taken`: another pipeline that is on writes the same rows */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `body_too_large` */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_json` */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `invalid_pipeline` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pipelines/{pipeline}/layer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change a pipeline
         * @description Keeps a new version of the org's layer over the shipped spec; under a name that nothing is
         *     shipped for, the layer is the whole spec. Syncs that run keep the spec they began with.
         */
        put: {
            parameters: {
                query?: never;
                header: {
                    /** @description A fresh random value per intended write; sent again, the write happens once */
                    "idempotency-key": string;
                };
                path: {
                    pipeline: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PutLayer"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Pipeline"];
                    };
                };
                /** @description `malformed_json`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `manage_pipelines` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `pipeline_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `version_conflict`, `rows_taken` or `pipeline_enabled` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `body_too_large` */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_json` */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `invalid_pipeline`: the first thing that is wrong; all are the check's */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pipelines/{pipeline}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The changes of a pipeline, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description From an earlier page. */
                    cursor?: number;
                };
                header?: never;
                path: {
                    pipeline: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["LayerVersionList"];
                    };
                };
                /** @description `invalid_query`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `pipeline_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/quarantine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List files in quarantine, newest first */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    /** @description From 1 to 50. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["QuarantineList"];
                    };
                };
                /** @description `bad_cursor` */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/quarantine/{sync_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One file in quarantine, with the lines in question */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    sync_id: components["schemas"]["SyncId"];
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["QuarantineDetail"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `quarantine_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/quarantine/{sync_id}/accept-names": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept the names that a file in quarantine has for columns, and try it again
         * @description One new version of the pipeline finds the columns under these names too, and the file is read
         *     with it. Only names that the file was kept out for can be accepted.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description A fresh random value per intended write; sent again, the write happens once */
                    "idempotency-key": string;
                };
                path: {
                    sync_id: components["schemas"]["SyncId"];
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["AcceptNames"];
                };
            };
            responses: {
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Sync"];
                    };
                };
                /** @description `malformed_json`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `manage_pipelines` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `quarantine_not_found`, `pipeline_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `replay_under_way`, `already_loaded` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `body_too_large` */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_json` */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `name_not_found`, `invalid_pipeline` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/quarantine/{sync_id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try a file in quarantine again, with the pipeline as it is now */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description A fresh random value per intended write; sent again, the write happens once */
                    "idempotency-key": string;
                };
                path: {
                    sync_id: components["schemas"]["SyncId"];
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Sync"];
                    };
                };
                /** @description `invalid_query`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `start_sync` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `quarantine_not_found`, `pipeline_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `replay_under_way`, `already_loaded` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `body_too_large` */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `idempotency_key_reused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/replays": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List replays, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description The last page's `next_cursor`. */
                    cursor?: components["schemas"]["ReplayId"];
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ReplayList"];
                    };
                };
                /** @description `invalid_query`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Read stored files again
         * @description Compares what they give with what is there and, unless it is a dry run, puts it in its place.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description A fresh random value per intended write; sent again, the write happens once */
                    "idempotency-key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["StartReplay"];
                };
            };
            responses: {
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Replay"];
                    };
                };
                /** @description `malformed_json`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `manage_pipelines` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `idempotency_in_progress` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `body_too_large` */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_json` */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `backwards`, `too_long`, `nothing_loaded`, `which_pipeline`, `unknown_version`, `unknown_pipeline` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/replays/{replay_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One replay: how far it is, and what it has found */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    replay_id: components["schemas"]["ReplayId"];
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Replay"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `replay_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/replays/{replay_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a replay
         * @description What it has replaced until then stays: each day is whole. One that is over stays as it is.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description A fresh random value per intended write; sent again, the write happens once */
                    "idempotency-key": string;
                };
                path: {
                    replay_id: components["schemas"]["ReplayId"];
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Replay"];
                    };
                };
                /** @description `invalid_query`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `manage_pipelines` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `replay_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `idempotency_in_progress` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `body_too_large` */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `idempotency_key_reused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/replays/{replay_id}/days": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The days of a replay, with the hash of each on both sides */
        get: {
            parameters: {
                query?: {
                    /** @description The last page's `next_cursor`. */
                    cursor?: string;
                };
                header?: never;
                path: {
                    replay_id: components["schemas"]["ReplayId"];
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ReplayDayList"];
                    };
                };
                /** @description `invalid_query`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `replay_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `invalid_cursor` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Advertisers, insertion orders and line items by name or id */
        get: {
            parameters: {
                query: {
                    /** @description A part of a name, or a whole id. */
                    q: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FoundList"];
                    };
                };
                /** @description `invalid_query` */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/syncs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List syncs, newest first */
        get: {
            parameters: {
                query?: {
                    connection_id?: components["schemas"]["ConnectionId"];
                    pipeline?: string;
                    /** @description A step's name, such as `waiting`, or `running` for all that are not over. */
                    state?: string;
                    cursor?: string;
                    /** @description From 1 to 100. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SyncList"];
                    };
                };
                /** @description `invalid_cursor`, `invalid_state`, `invalid_limit` */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Start a sync by hand
         * @description If one of the same connection and pipeline is under way already, that one is returned.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description A fresh random value per intended write; sent again, the write happens once */
                    "idempotency-key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["StartSync"];
                };
            };
            responses: {
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Sync"];
                    };
                };
                /** @description `malformed_json`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `start_sync` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `connection_not_found`, `pipeline_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `idempotency_in_progress` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `body_too_large` */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_json` */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `invalid_body`, `idempotency_key_reused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/syncs/{sync_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One sync */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    sync_id: components["schemas"]["SyncId"];
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SyncDetail"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `sync_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/syncs/{sync_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a sync
         * @description What it has loaded stays. A sync that is over stays as it is.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description A fresh random value per intended write; sent again, the write happens once */
                    "idempotency-key": string;
                };
                path: {
                    sync_id: components["schemas"]["SyncId"];
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Sync"];
                    };
                };
                /** @description `invalid_query`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `start_sync` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `sync_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `sync_is_over`, `sync_moved_on` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `body_too_large` */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `idempotency_key_reused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/syncs/{sync_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A sync's progress, live
         * @description Events `progress` (data: a Sync) whenever something has changed, and `end` when it is over.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    sync_id: components["schemas"]["SyncId"];
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": string;
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `sync_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/taxonomy/compliance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How names stand */
        get: {
            parameters: {
                query?: {
                    advertiser_id?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NamingCompliance"];
                    };
                };
                /** @description `invalid_query`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `module_off` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/taxonomy/conventions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List naming conventions */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NamingConventionList"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `module_off` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        /** Keep a new naming convention */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description A fresh random value per intended write; sent again, the write happens once */
                    "idempotency-key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewConvention"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NamingConventionEntry"];
                    };
                };
                /** @description `malformed_json`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `manage_settings` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `too_many_conventions` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `body_too_large` */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_json` */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `invalid_convention`: the first thing that is wrong; all are the preview's */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/taxonomy/conventions/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a naming convention
         * @description What is wrong with it, and how the org's own names would stand. Nothing is kept.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description A fresh random value per intended write; sent again, the write happens once */
                    "idempotency-key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["TryConvention"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NamingConventionTrial"];
                    };
                };
                /** @description `malformed_json`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `module_off` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `body_too_large` */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_json` */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `invalid_body`, `idempotency_key_reused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/taxonomy/conventions/{convention_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One naming convention
         * @description Its `ETag` is the version that a change is made on.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    convention_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NamingConventionEntry"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `convention_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        /**
         * Change a naming convention, or take it away
         * @description All names are looked at again.
         */
        put: {
            parameters: {
                query?: never;
                header: {
                    /** @description A fresh random value per intended write; sent again, the write happens once */
                    "idempotency-key": string;
                    "if-match": string;
                };
                path: {
                    convention_id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PutConvention"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NamingConventionEntry"];
                    };
                };
                /** @description `malformed_json`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `manage_settings` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `convention_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `idempotency_in_progress` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `version_conflict` */
                412: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `body_too_large` */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_json` */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `invalid_convention`: the first thing that is wrong; all are the preview's */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `if_match_missing` */
                428: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/taxonomy/conventions/{convention_id}/build": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Build a name
         * @description From the values of its fields; what is known from elsewhere is filled in. A name that comes of it
         *     keeps to the convention.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description A fresh random value per intended write; sent again, the write happens once */
                    "idempotency-key": string;
                };
                path: {
                    convention_id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["BuildName"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["BuiltName"];
                    };
                };
                /** @description `malformed_json`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `convention_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `module_off` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `body_too_large` */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_json` */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `invalid_body`, `idempotency_key_reused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/taxonomy/conventions/{convention_id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The changes of a naming convention, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description From an earlier page. */
                    cursor?: number;
                };
                header?: never;
                path: {
                    convention_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NamingConventionVersionList"];
                    };
                };
                /** @description `invalid_query`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `convention_not_found` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/taxonomy/names": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Names with what is wrong with them
         * @description As the latest run found them.
         */
        get: {
            parameters: {
                query?: {
                    level?: components["schemas"]["NamingLevel"];
                    advertiser_id?: string;
                    entity_id?: string;
                    /** @description Names that keep to their convention, or those that do not; absent: all. */
                    compliant?: boolean;
                    /** @description With an issue of this field. */
                    field?: string;
                    /** @description With an issue of this kind, such as `not_in_list`. */
                    code?: string;
                    /** @description Part of the name, or the id. */
                    search?: string;
                    cursor?: string;
                    /** @description At most 500; default 100. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NameList"];
                    };
                };
                /** @description `invalid_cursor` */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `module_off` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/taxonomy/names/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Names and suggestions as a file
         * @description CSV: each name beside what it was probably meant to be, for a bulk edit at the source. Nothing is
         *     changed there. A cell that a spreadsheet would take for a formula begins with an apostrophe.
         */
        get: {
            parameters: {
                query?: {
                    level?: components["schemas"]["NamingLevel"];
                    advertiser_id?: string;
                    entity_id?: string;
                    /** @description Names that keep to their convention, or those that do not; absent: all. */
                    compliant?: boolean;
                    /** @description With an issue of this field. */
                    field?: string;
                    /** @description With an issue of this kind, such as `not_in_list`. */
                    code?: string;
                    /** @description Part of the name, or the id. */
                    search?: string;
                    cursor?: string;
                    /** @description At most 500; default 100. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/csv": string;
                    };
                };
                /** @description `invalid_query`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `module_off` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/taxonomy/picklists/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Read a picklist
         * @description Out of a vocabulary as it is published, such as the IAB's. Nothing is kept.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description A fresh random value per intended write; sent again, the write happens once */
                    "idempotency-key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ReadPicklist"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NamingPicklist"];
                    };
                };
                /** @description `malformed_json`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `module_off` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `body_too_large` */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_json` */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `invalid_picklist` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/taxonomy/proposal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Learn a naming convention
         * @description A proposal from the names in use. Nothing is kept.
         */
        get: {
            parameters: {
                query: {
                    level: components["schemas"]["NamingLevel"];
                    advertiser_id?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NamingProposalAnswer"];
                    };
                };
                /** @description `invalid_query`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `module_off` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the org used, by hour and meter */
        get: {
            parameters: {
                query?: {
                    /** @description From this instant's hour on; default: 24 hours ago. */
                    from?: string;
                    /** @description Up to, but without; default: now. */
                    to?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["UsageList"];
                    };
                };
                /** @description `invalid_query`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `read` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/enter": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Redeem a sign-in code */
        get: {
            parameters: {
                query: {
                    /** @description The single-use code from global-control. */
                    code: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Signed in, or back to the app host with `?problem=` */
                303: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description `invalid_query`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connections/dv360/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where the source sends a person back to */
        get: {
            parameters: {
                query?: {
                    state?: string;
                    code?: string;
                    error?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description To the return path with `?connection=` or `?problem=` */
                303: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description `invalid_query`, or no usable idempotency-key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_signed_in` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description `not_allowed`: needs `manage_connections` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not at this moment; see `retry-after` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AcceptNames: {
            names: components["schemas"]["OtherName"][];
        };
        /**
         * @description Something a member may be allowed to do.
         * @enum {string}
         */
        Action: "read" | "start_sync" | "manage_connections" | "manage_pipelines" | "manage_settings" | "manage_members" | "own_org";
        Advertiser: {
            advertiser_id: string;
            name: string;
            currency: string;
            time_zone: string;
            entity_status: string;
            selected: boolean;
            estimate: components["schemas"]["Estimate"];
        };
        AdvertiserCalendar: {
            dsp: string;
            advertiser_id: string;
            name: string;
            time_zone?: string | null;
            /** Format: date */
            since?: string | null;
            /** Format: date */
            through?: string | null;
            /**
             * Format: date
             * @description The last day that has to be here by now.
             */
            due_through: string;
            /** @description Days that were never asked for, or are not due yet, are left out. */
            days: components["schemas"]["CalendarDay"][];
        };
        AdvertiserList: {
            items: components["schemas"]["Advertiser"][];
            next_cursor?: string | null;
        };
        AdvertiserReach: {
            advertiser_id: string;
            name: string;
            time_zone: string;
            currency: string;
            /** Format: date */
            through: string;
        };
        AsOf: {
            /**
             * Format: date
             * @description The last day that is complete for every advertiser.
             */
            through?: string | null;
            /**
             * Format: int64
             * @description The source has not certified this many of the last days, and may still change them.
             */
            provisional_days: number;
            advertisers: components["schemas"]["AdvertiserReach"][];
        };
        /** @description One thing that needs somebody. */
        AttentionItem: {
            severity: components["schemas"]["AttentionSeverity"];
            /** @description Stays the same while texts change. */
            code: string;
            /** @description In one sentence, without a full stop. */
            title: string;
            what_to_do: string;
            /**
             * Format: date-time
             * @description As far as it is known.
             */
            since?: string | null;
            subject: components["schemas"]["AttentionSubject"];
            subject_id?: string | null;
            /** @description Who sees this may not be who can do something about it. */
            needs: components["schemas"]["Action"];
        };
        AttentionList: {
            /** Format: date-time */
            as_of: string;
            /** @description The worst first; empty: all is well. */
            items: components["schemas"]["AttentionItem"][];
        };
        /**
         * @description How much it presses. The order is the one people see.
         * @enum {string}
         */
        AttentionSeverity: "critical" | "warning" | "notice";
        /**
         * @description What it is about, and so where to look.
         * @enum {string}
         */
        AttentionSubject: "connection" | "calendar" | "quarantine" | "budgets" | "module";
        Authorize: {
            /** @description Where to come back to on this host, such as `/connections`. */
            return_path: string;
            connection_id?: components["schemas"]["ConnectionId"] | null;
        };
        AuthorizeAnswer: {
            /** @description Send the person there. */
            authorize_url: string;
        };
        Backfill: {
            backfill_id: components["schemas"]["BackfillId"];
            connection_id: components["schemas"]["ConnectionId"];
            pipeline: string;
            /** Format: date */
            start: string;
            /** Format: date */
            end: string;
            state: components["schemas"]["BackfillState"];
            /**
             * Format: double
             * @description From 0 to 1, by days.
             */
            progress: number;
            /** Format: int64 */
            rows_loaded: number;
            /** @description Newest days first. */
            windows: components["schemas"]["BackfillWindow"][];
            forecast: components["schemas"]["Forecast"];
            problem?: components["schemas"]["Problem"] | null;
            /** Format: date-time */
            retry_at?: string | null;
            /** @description Who asked for the forecast. */
            created_by: components["schemas"]["UserId"];
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            started_at?: string | null;
            /** Format: date-time */
            finished_at?: string | null;
        };
        BackfillId: string;
        BackfillList: {
            /** @description Newest first, at most a hundred. */
            items: components["schemas"]["Backfill"][];
            next_cursor?: string | null;
        };
        /** @enum {string} */
        BackfillState: "forecast" | "running" | "waiting" | "done" | "failed" | "cancelled";
        /** @description Days that one sync brings in, both ends inclusive. */
        BackfillWindow: {
            /** Format: date */
            start: string;
            /** Format: date */
            end: string;
            state: components["schemas"]["WindowState"];
            sync_id?: components["schemas"]["SyncId"] | null;
            /** Format: int32 */
            attempts: number;
            /** Format: int64 */
            rows: number;
        };
        Breaker: {
            state: components["schemas"]["BreakerState"];
            /**
             * Format: int32
             * @description In a row.
             */
            failures: number;
            /**
             * Format: date-time
             * @description When the source is tried again.
             */
            retry_at?: string | null;
            last_error?: string | null;
        };
        /** @enum {string} */
        BreakerState: "closed" | "open" | "half_open";
        BronzeId: string;
        Budget: {
            resource: components["schemas"]["Resource"];
            /**
             * Format: int64
             * @description Since the last reset.
             */
            used: number;
            /** @description What holds: the lower of the org's own limit and the platform's. */
            limit: components["schemas"]["Limit"];
            /** @description What the org itself has set. */
            own: components["schemas"]["Limit"];
            standing: components["schemas"]["Standing"];
            /** Format: date-time */
            resets_at: string;
        };
        BudgetChange: {
            /** Format: date-time */
            changed_at: string;
            changed_by: components["schemas"]["UserId"];
            /** @description What was different afterwards. */
            limits: components["schemas"]["ChangedLimit"][];
        };
        BudgetChangeList: {
            /** @description Newest first. */
            items: components["schemas"]["BudgetChange"][];
            next_cursor?: string | null;
        };
        BudgetLeft: {
            /** Format: int64 */
            calls?: number | null;
            /** Format: int64 */
            rows?: number | null;
            /** Format: int64 */
            bytes?: number | null;
            /** Format: int64 */
            cost_micros_usd?: number | null;
        };
        BudgetList: {
            items: components["schemas"]["Budget"][];
            /** @description Of the pipelines whose specs have a budget. */
            pipelines: components["schemas"]["PipelineBudget"][];
        };
        BuildName: {
            /** @description By field; a field that may be repeated has several. */
            values: {
                [key: string]: string[];
            };
            /** @description What the entity will say of itself, as far as it is known. */
            advertiser_id?: string | null;
            /** @description The campaign of an order, the order of a line item. */
            parent_id?: string | null;
            /** Format: date */
            flight_start?: string | null;
            /** Format: date */
            flight_end?: string | null;
        };
        BuiltName: {
            /** @description Absent while anything is wrong. */
            name?: string | null;
            issues: components["schemas"]["NamingIssue"][];
        };
        Calendar: {
            dataset: string;
            /** Format: date */
            from: string;
            /** Format: date */
            to: string;
            advertisers: components["schemas"]["AdvertiserCalendar"][];
        };
        /** @description One cell of the calendar. */
        CalendarDay: {
            /** Format: date */
            date: string;
            state: components["schemas"]["CalendarState"];
            /**
             * Format: int64
             * @description Of what is loaded, also while a later file is in quarantine.
             */
            rows?: number | null;
            /** Format: date-time */
            loaded_at?: string | null;
            loaded_by?: components["schemas"]["SyncId"] | null;
            /**
             * Format: date-time
             * @description When the source made the file.
             */
            reported_at?: string | null;
            sync_id?: components["schemas"]["SyncId"] | null;
        };
        /**
         * @description What is known of an advertiser's day.
         * @enum {string}
         */
        CalendarState: "complete" | "provisional" | "empty" | "unconfirmed" | "missing" | "late" | "quarantined";
        /** @description How a column of the file differs from the spec. */
        Change: {
            /** @enum {string} */
            change: "new";
        } | {
            /** @enum {string} */
            change: "missing";
        } | {
            /** Format: int64 */
            cells: number;
            /** Format: int64 */
            line: number;
            text: string;
            /** @enum {string} */
            change: "retyped";
        } | {
            header: string;
            /** @enum {string} */
            change: "renamed_suspected";
        };
        ChangedLimit: {
            resource: components["schemas"]["Resource"];
            before: components["schemas"]["Limit"];
            after: components["schemas"]["Limit"];
        };
        CheckLayer: {
            layer: components["schemas"]["JsonDocument"];
        };
        ChooseAdvertisers: {
            partner_id: string;
            advertiser_ids: string[];
        };
        ChosenPartner: {
            partner_id: string;
            name: string;
        };
        ColumnDiff: {
            column: string;
            before?: string | null;
            after?: string | null;
        };
        ConfirmBackfill: {
            forecast_id: components["schemas"]["BackfillId"];
        };
        Connection: {
            connection_id: components["schemas"]["ConnectionId"];
            /** @description `dv360` or `file_drop`. */
            connector: string;
            state: components["schemas"]["ConnectionState"];
            /** @description What people call it, where no account stands for it. */
            name?: string | null;
            /** @description Who consented. */
            account_email?: string | null;
            scopes: string[];
            problem?: components["schemas"]["Problem"] | null;
            partner?: components["schemas"]["ChosenPartner"] | null;
            /** Format: int64 */
            advertisers_selected: number;
            last_sync?: components["schemas"]["SyncSummary"] | null;
            /** Format: date-time */
            created_at: string;
        };
        ConnectionHealth: {
            connection_id: components["schemas"]["ConnectionId"];
            state: components["schemas"]["ConnectionState"];
            problem?: components["schemas"]["Problem"] | null;
            /** @description For the person who looks; absent when nothing is to be done. */
            what_to_do?: string | null;
            /** @description Who consented. */
            identity?: string | null;
            scopes: string[];
            breaker: components["schemas"]["Breaker"];
            pipelines: components["schemas"]["PipelineHealth"][];
        };
        ConnectionId: string;
        ConnectionList: {
            items: components["schemas"]["Connection"][];
            next_cursor?: string | null;
        };
        /** @enum {string} */
        ConnectionState: "needs_setup" | "active" | "paused" | "failed";
        Convention: {
            /** @description What people call it. */
            title: string;
            /** @description The level of entities whose names it is for. */
            level: components["schemas"]["NamingLevel"];
            scope?: components["schemas"]["NamingScope"];
            /** @description What stands between two fields: one to three characters, such as `_` or ` | `. */
            delimiter: string;
            /** @description Before a delimiter that belongs to a value. */
            escape?: string | null;
            case?: components["schemas"]["NamingCase"];
            /** @description Whether letters with accents and other signs beyond ASCII are refused. */
            ascii_only?: boolean;
            /** Format: int32 */
            max_bytes?: number;
            unique?: components["schemas"]["NamingUnique"];
            fields: components["schemas"]["NamingField"][];
            rules?: components["schemas"]["NamingRule"][];
        };
        DataFreshness: {
            dataset: string;
            dsp: string;
            advertiser_id: string;
            name: string;
            time_zone?: string | null;
            /**
             * Format: date
             * @description The watermark: the last complete day that is loaded.
             */
            through: string;
            /**
             * Format: date
             * @description Up to here everything is certified by the source.
             */
            certified_through?: string | null;
            /**
             * Format: int64
             * @description Since the end of that day, in its own zone.
             */
            age_s: number;
            /**
             * Format: int32
             * @description A day has to be here so many hours after its end.
             */
            target_hours: number;
            /**
             * Format: date
             * @description The last day that has to be here by now.
             */
            due_through: string;
            met: boolean;
            /** Format: date-time */
            loaded_at?: string | null;
        };
        DataFreshnessList: {
            /** @description How many of the items meet their target. */
            met: number;
            items: components["schemas"]["DataFreshness"][];
            next_cursor?: string | null;
        };
        /** @description Both ends inclusive, in the advertisers' own days. */
        DateRange: {
            /** Format: date */
            start: string;
            /** Format: date */
            end: string;
        };
        /** @description Days of advertisers, by what the replay found. */
        DayCounts: {
            /**
             * Format: int64
             * @default 0
             */
            equal: number;
            /**
             * Format: int64
             * @default 0
             */
            different: number;
            /**
             * Format: int64
             * @default 0
             */
            only_before: number;
            /**
             * Format: int64
             * @default 0
             */
            only_after: number;
            /**
             * Format: int64
             * @description Their file cannot be read with this version.
             * @default 0
             */
            unreadable: number;
            /**
             * Format: int64
             * @description In silver, and no stored file is known to have brought them.
             * @default 0
             */
            without_file: number;
            /**
             * Format: int64
             * @description A newer file has brought them while the replay was under way.
             * @default 0
             */
            superseded: number;
        };
        DeliveredFile: {
            name: string;
            /** @description `upload` or `folder`. */
            origin: string;
            /** Format: int64 */
            bytes: number;
            pipeline?: string | null;
            bronze_id?: components["schemas"]["BronzeId"] | null;
            sync_id?: components["schemas"]["SyncId"] | null;
            /** @description Where that sync is, in the words of syncs: `loading`, `done`, `quarantined`, … */
            state?: string | null;
            /** @description Why a file of the folder was not taken. It is looked at again. */
            problem?: string | null;
            /** Format: date-time */
            delivered_at: string;
        };
        DeliveredFileList: {
            /** @description Newest first, at most two hundred. */
            items: components["schemas"]["DeliveredFile"][];
            next_cursor?: string | null;
        };
        /** @description From silver as it is to silver as it would be, by advertiser and day, as far as the file goes. */
        Difference: {
            days_equal: number;
            days_different: number;
            days_new: number;
            /** @description Of those that differ; a hundred at most. */
            cells: components["schemas"]["DifferentCell"][];
        };
        DifferentCell: {
            advertiser_id: string;
            /** Format: date */
            date: string;
            /** @description `rows` or one of the model's metrics. */
            metric: string;
            /** Format: int64 */
            before?: number | null;
            /** Format: int64 */
            after?: number | null;
        };
        /** @description A difference between two documents. */
        DocumentChange: {
            /** @description Like a JSON pointer, with named things of a list by their name: `/columns/revenue/headers`. */
            path: string;
            /** @description Absent: it is new. */
            before?: unknown;
            /** @description Absent: it is gone. */
            after?: unknown;
        };
        /** @description Something a person should know about a document. */
        DocumentFinding: {
            weight: components["schemas"]["FindingWeight"];
            /** @description A JSON pointer into the whole document, such as `/columns/3/headers/0`. */
            path: string;
            message: string;
        };
        Drift: components["schemas"]["Change"] & {
            /** @description The spec's name of it; of a new one the header. */
            column: string;
            /** @description What was done about it. */
            action: components["schemas"]["SpecDrift"];
        };
        /** @description What came of trying. */
        DryRun: {
            bronze_id?: components["schemas"]["BronzeId"] | null;
            /** @description Whether the file would be loaded. */
            accepted: boolean;
            refusal?: components["schemas"]["Refusal"] | null;
            /** Format: int64 */
            rows: number;
            /** @description The file's own totals were there and agreed with its rows. */
            control_total: boolean;
            drifts: components["schemas"]["Drift"][];
            warnings: components["schemas"]["Warning"][];
            /** @description The first rows. */
            sample: components["schemas"]["SampleRow"][];
            difference?: components["schemas"]["Difference"] | null;
        };
        EntityChange: {
            /** @description A JSON pointer. */
            path: string;
            before?: Record<string, never> | null;
            after?: Record<string, never> | null;
        };
        EntityVersion: {
            kind: string;
            entity_id: string;
            advertiser_id?: string | null;
            name: string;
            entity_status: string;
            /**
             * Format: date-time
             * @description By the source's clock where it says when it changed, else when it was first seen so.
             */
            valid_from: string;
            /**
             * Format: date-time
             * @description Absent: it is so now.
             */
            valid_to?: string | null;
            /** @description `replaced` by another version, or `vanished` from the source. */
            ended?: string | null;
            /** @description In our words. */
            attributes?: Record<string, never> | null;
            /** @description Why it could not be put into our words. */
            problem?: string | null;
            /** @description In the source's words. */
            source: Record<string, never>;
            /** @description From the version before, in the source's words. */
            changes: components["schemas"]["EntityChange"][];
            /** Format: date-time */
            observed_at: string;
            /** @description The file that showed it first. */
            bronze_id: components["schemas"]["BronzeId"];
        };
        EntityVersionList: {
            /** @description Newest first, at most 500. */
            items: components["schemas"]["EntityVersion"][];
            next_cursor?: string | null;
        };
        /** @enum {string} */
        EntryState: "open" | "replaying" | "resolved";
        /** @description `{"error":{"code":"org_not_found","message":"…","request_id":"…"}}` */
        ErrorBody: {
            error: components["schemas"]["ErrorDetail"];
        };
        ErrorDetail: {
            /** @description Stable and meant for programs. */
            code: string;
            /** @description For people: what happened and what to do. */
            message: string;
            /** @description Names this request in our logs. */
            request_id?: string | null;
        };
        /** @description What a first sync takes; all advertisers chosen together share one report. */
        Estimate: {
            /** Format: int64 */
            days: number;
            /** Format: int32 */
            report_requests: number;
            /**
             * Format: int32
             * @description Most of it is waiting for the source to make the report.
             */
            seconds: number;
        };
        Explanation: {
            /** @description The field it explains. */
            key: string;
            label: string;
            formula: string;
            /** @description The formula with this order's numbers. */
            filled: string;
            value: string;
            /**
             * Format: date
             * @description The days that were summed up, both included.
             */
            from?: string | null;
            /** Format: date */
            to?: string | null;
        };
        /** @description A cell that differs. */
        FailingCell: {
            dsp: string;
            advertiser_id: string;
            advertiser_name: string;
            /** Format: date */
            date: string;
            metric: string;
            /**
             * Format: int64
             * @description The sum of what silver has by line item.
             */
            silver: number;
            /**
             * Format: int64
             * @description What the source says it is.
             */
            source: number;
            /** @description Of both sums, where they are money: they are in millionths of it. */
            currency?: string | null;
            /**
             * Format: int64
             * @description Silver less source.
             */
            difference: number;
            /** @description One of the two may still change: they were read at different times. */
            provisional: boolean;
            /** Format: date-time */
            silver_reported_at?: string | null;
            /** Format: date-time */
            source_reported_at?: string | null;
        };
        /** @description A line as it stands in the file. It may hold anything; show it as text. */
        FileLine: {
            /** Format: int64 */
            number: number;
            text: string;
            /** @description There is more of it. */
            shortened: boolean;
        };
        FileLines: {
            header?: components["schemas"]["FileLine"] | null;
            lines: components["schemas"]["FileLine"][];
        };
        /** @enum {string} */
        FindingWeight: "error" | "warning";
        Forecast: {
            /**
             * Format: int64
             * @description Requests that the source counts.
             */
            calls: number;
            /** Format: int64 */
            reports: number;
            /** Format: int64 */
            rows: number;
            /** Format: int64 */
            bytes: number;
            /**
             * Format: int64
             * @description If nothing has to wait for a new day's budget.
             */
            minutes: number;
            /** Format: int64 */
            cost_micros_usd: number;
            /** @description Until the hard limits; absent is no limit. */
            budget_left: components["schemas"]["BudgetLeft"];
            warnings: components["schemas"]["ForecastWarning"][];
        };
        ForecastAnswer: components["schemas"]["Forecast"] & {
            /** @description Confirm with it before `valid_until`. */
            forecast_id: components["schemas"]["BackfillId"];
            /** Format: date-time */
            valid_until: string;
            /** Format: date */
            start: string;
            /** Format: date */
            end: string;
        };
        ForecastWarning: {
            code: string;
            message: string;
        };
        Found: {
            kind: components["schemas"]["FoundKind"];
            dsp: string;
            id: string;
            name: string;
            advertiser_name: string;
            /** @description Of an insertion order its own, of a line item its order's. */
            insertion_order_id?: string | null;
        };
        /** @enum {string} */
        FoundKind: "advertiser" | "insertion_order" | "line_item";
        FoundList: {
            /** @description A few of each kind, the best first. */
            items: components["schemas"]["Found"][];
        };
        Freshness: {
            dataset: string;
            advertiser_id: string;
            advertiser_name: string;
            time_zone: string;
            /** Format: date */
            through: string;
            /** Format: int64 */
            provisional_days: number;
        };
        FreshnessList: {
            items: components["schemas"]["Freshness"][];
            next_cursor?: string | null;
        };
        /** @description A JSON object. */
        JsonDocument: {
            [key: string]: unknown;
        };
        /** @enum {string} */
        Kind: "backfill" | "daily" | "month_close" | "file";
        LayerVersion: {
            /** Format: int32 */
            version: number;
            layer?: components["schemas"]["JsonDocument"] | null;
            comment: string;
            changed_by: components["schemas"]["UserId"];
            /** Format: date-time */
            changed_at: string;
            /** @description From the version before, over the shipped specs of their time. */
            diff: components["schemas"]["DocumentChange"][];
        };
        LayerVersionList: {
            items: components["schemas"]["LayerVersion"][];
            next_cursor?: string | null;
        };
        /** @description A pair of limits. Absent is none. */
        Limit: {
            /**
             * Format: int64
             * @default null
             */
            soft: number | null;
            /**
             * Format: int64
             * @default null
             */
            hard: number | null;
        };
        /** @description One line item's day with everything that says where it comes from. */
        Lineage: {
            dataset: string;
            dsp: string;
            line_item_id: string;
            /** Format: date */
            date: string;
            partner_id: string;
            advertiser_id: string;
            campaign_id: string;
            insertion_order_id: string;
            currency: string;
            figures: components["schemas"]["LineageFigures"];
            /** @description The source does not change it any more. */
            certified: boolean;
            /**
             * Format: date-time
             * @description When the source made the file.
             */
            reported_at?: string | null;
            load: components["schemas"]["LineageLoad"];
            file: components["schemas"]["LineageFile"];
        };
        /** @description Absent: the source has no value. */
        LineageFigures: {
            /** Format: int64 */
            impressions?: number | null;
            /** Format: int64 */
            billable_impressions?: number | null;
            /** Format: int64 */
            clicks?: number | null;
            /** Format: int64 */
            conversions_micros?: number | null;
            /** Format: int64 */
            revenue_micros?: number | null;
            /** Format: int64 */
            media_cost_micros?: number | null;
            /** Format: int64 */
            billable_cost_micros?: number | null;
        };
        LineageFile: {
            bronze_id: components["schemas"]["BronzeId"];
            /**
             * Format: int64
             * @description Counted from one, the header included.
             */
            line: number;
            /** @description Of the exact bytes, in hexadecimal. */
            sha256?: string | null;
            /** Format: int64 */
            bytes?: number | null;
            /** Format: date-time */
            fetched_at?: string | null;
            /** @description The source's names for the answer and the question. */
            report_id?: string | null;
            query_id?: string | null;
            /** @description What was asked for. */
            request?: Record<string, never> | null;
            /** @description The transport announced the length and it was met. */
            length_proven?: boolean | null;
            /**
             * Format: date-time
             * @description From when its bytes are not kept any more: older than its pipeline keeps files.
             */
            expired_at?: string | null;
        };
        LineageLoad: {
            /** Format: uuid */
            load_id: string;
            sync_id?: components["schemas"]["SyncId"] | null;
            /** @description The pipeline, its version, the org's layer over it and the code that read the file. */
            pipeline_version?: string | null;
            /** Format: date-time */
            loaded_at?: string | null;
            /** @description The file's own totals agreed with its rows. */
            control_total?: boolean | null;
        };
        /** @description A member as other members see them. */
        Member: {
            user_id: components["schemas"]["UserId"];
            name: string;
            email: string;
        };
        MemberList: {
            /** @description By name. */
            items: components["schemas"]["Member"][];
        };
        /** @description How many cells of a metric agree. */
        MetricAccuracy: {
            metric: string;
            /** Format: int64 */
            cells: number;
            /** Format: int64 */
            equal: number;
            /**
             * @description A decimal with four digits, rounded down: `100.0000` means every cell. Absent: nothing was
             *     compared.
             */
            accuracy_percent?: string | null;
        };
        Module: {
            module: string;
            title: string;
            description: string;
            /**
             * Format: int32
             * @description Of the code: results of another one are made again.
             */
            module_version: number;
            inputs: components["schemas"]["ModuleInput"][];
            /** @description What one needs to change it. */
            configure: components["schemas"]["Action"];
            enabled: boolean;
            /**
             * Format: int32
             * @description Raised by each change; also the etag, which a change is made on.
             */
            version: number;
            template?: components["schemas"]["ModuleTemplate"] | null;
            layer?: components["schemas"]["JsonDocument"] | null;
            /** @description What is in force, whole. */
            settings: components["schemas"]["JsonDocument"];
            /** @description From the template's settings to those in force. */
            diff: components["schemas"]["DocumentChange"][];
            /** @description What is wrong with the org's own settings; while anything is, the template's are in force. */
            problems: components["schemas"]["DocumentFinding"][];
            /** @description JSON Schema of the settings. */
            schema: Record<string, never>;
            /** @description What everybody begins with, and what it is by kind of agency. */
            defaults: components["schemas"]["JsonDocument"];
            templates: components["schemas"]["ModuleTemplateSettings"][];
        };
        /**
         * @description What the results are made from. A module runs again when one of them has moved.
         * @enum {string}
         */
        ModuleInput: "line_item_days" | "entities";
        ModuleList: {
            items: components["schemas"]["ModuleSummary"][];
            next_cursor?: string | null;
        };
        /** @description What would be different. */
        ModulePreview: {
            /** Format: int64 */
            looked_at: number;
            /** Format: int64 */
            changed: number;
            /** @description The first of them. */
            items: components["schemas"]["ModulePreviewItem"][];
        };
        ModulePreviewItem: {
            /** @description `insertion_order`, `line_item` and so on. */
            kind: string;
            id: string;
            name: string;
            before: string;
            after: string;
        };
        /** @description The latest run over one advertiser's data. */
        ModuleRun: {
            dsp: string;
            advertiser_id: string;
            advertiser_name?: string | null;
            /** Format: int64 */
            rows: number;
            /** @description The same data and settings always give the same; absent if the run failed. */
            result_sha256?: string | null;
            /** @description Why it failed. */
            problem?: string | null;
            /** Format: int64 */
            took_us: number;
            /** Format: date-time */
            ran_at: string;
        };
        ModuleRunList: {
            items: components["schemas"]["ModuleRun"][];
            next_cursor?: string | null;
        };
        /** @description A module in a line. */
        ModuleSummary: {
            module: string;
            title: string;
            description: string;
            enabled: boolean;
            /**
             * Format: int32
             * @description 0: as shipped.
             */
            version: number;
            template?: components["schemas"]["ModuleTemplate"] | null;
            /** @description Settings that are the org's own. */
            changed: number;
            /** @description Things a person should look at. */
            problems: number;
        };
        /**
         * @description Kinds of agencies that want different settings.
         * @enum {string}
         */
        ModuleTemplate: "brand" | "performance" | "in_house";
        ModuleTemplateSettings: {
            template: components["schemas"]["ModuleTemplate"];
            /** @description Whole. */
            settings: components["schemas"]["JsonDocument"];
        };
        ModuleTrial: {
            valid: boolean;
            problems: components["schemas"]["DocumentFinding"][];
            settings?: components["schemas"]["JsonDocument"] | null;
            /** @description From those in force. */
            diff: components["schemas"]["DocumentChange"][];
            preview?: components["schemas"]["ModulePreview"] | null;
        };
        ModuleVersion: {
            /** Format: int32 */
            version: number;
            enabled: boolean;
            template?: components["schemas"]["ModuleTemplate"] | null;
            layer?: components["schemas"]["JsonDocument"] | null;
            comment: string;
            changed_by: components["schemas"]["UserId"];
            /** Format: date-time */
            changed_at: string;
            /** @description From the version before, over the templates of now. */
            diff: components["schemas"]["DocumentChange"][];
        };
        ModuleVersionList: {
            items: components["schemas"]["ModuleVersion"][];
            next_cursor?: string | null;
        };
        NameList: {
            items: components["schemas"]["NamingName"][];
            next_cursor?: string | null;
        };
        NamingAdvertiserShare: components["schemas"]["NamingShare"] & {
            advertiser_id: string;
            advertiser_name: string;
        };
        /**
         * @description What an entity says of itself outside its name.
         * @enum {string}
         */
        NamingAttribute: "entity_id" | "advertiser_id" | "advertiser_name" | "campaign_id" | "insertion_order_id" | "currency" | "flight_start" | "flight_end";
        NamingBrokenField: {
            level: string;
            /** @description Absent: it is about the whole name. */
            field?: string | null;
            code: string;
            /** Format: int64 */
            names: number;
        };
        /** @enum {string} */
        NamingCase: "exact" | "any";
        NamingChange: {
            /** @description None where a part is removed. */
            field?: string | null;
            from?: string | null;
            to?: string | null;
            why: components["schemas"]["NamingRepair"];
        };
        /** @description A value of a picklist: its code stands in the name. */
        NamingChoice: {
            code: string;
            /** @description What it means. */
            label?: string;
            /** @description Known wrong spellings; each is suggested to become the code. */
            aliases?: string[];
        };
        /** @description How many names keep to their convention. */
        NamingCompliance: {
            /** @description Over all levels and advertisers. */
            total: components["schemas"]["NamingShare"];
            levels: components["schemas"]["NamingLevelShare"][];
            advertisers: components["schemas"]["NamingAdvertiserShare"][];
            /** @description What is wrong most often, the most frequent first. */
            broken: components["schemas"]["NamingBrokenField"][];
            /** @description At the end of each of the last days, by the conventions of now. */
            days: components["schemas"]["NamingDayShare"][];
        };
        /** @enum {string} */
        NamingConfidence: "low" | "medium" | "high";
        NamingConventionEntry: {
            /** Format: uuid */
            convention_id: string;
            /**
             * Format: int32
             * @description Raised by each change; also the etag, which a change is made on.
             */
            version: number;
            document?: components["schemas"]["JsonDocument"] | null;
            convention?: components["schemas"]["Convention"] | null;
            problems: components["schemas"]["DocumentFinding"][];
            comment: string;
            changed_by: components["schemas"]["UserId"];
            /** Format: date-time */
            changed_at: string;
        };
        NamingConventionList: {
            items: components["schemas"]["NamingConventionEntry"][];
            next_cursor?: string | null;
        };
        NamingConventionTrial: {
            valid: boolean;
            problems: components["schemas"]["DocumentFinding"][];
            preview?: components["schemas"]["NamingPreview"] | null;
        };
        NamingConventionVersion: {
            /** Format: int32 */
            version: number;
            document?: components["schemas"]["JsonDocument"] | null;
            comment: string;
            changed_by: components["schemas"]["UserId"];
            /** Format: date-time */
            changed_at: string;
            /** @description From the version before. */
            diff: components["schemas"]["DocumentChange"][];
        };
        NamingConventionVersionList: {
            items: components["schemas"]["NamingConventionVersion"][];
            next_cursor?: string | null;
        };
        NamingDayLevel: {
            level: string;
            /** Format: int64 */
            checked: number;
            /** Format: int64 */
            compliant: number;
        };
        NamingDayShare: {
            /** Format: date */
            date: string;
            /** Format: int64 */
            checked: number;
            /** Format: int64 */
            compliant: number;
            percent?: string | null;
            levels: components["schemas"]["NamingDayLevel"][];
        };
        NamingField: {
            /** @description Lower case letters, digits and `_`; unique within the convention. */
            name: string;
            presence?: components["schemas"]["NamingPresence"];
            kind: components["schemas"]["NamingKind"];
        };
        /** @description What a field was learned from. */
        NamingFieldSupport: {
            name: string;
            /**
             * Format: int32
             * @description Different values seen.
             */
            distinct: number;
            /**
             * Format: int32
             * @description Names without the field.
             */
            left_out: number;
            /** @description The most frequent values. */
            examples: string[];
        };
        NamingIssue: {
            code: components["schemas"]["NamingIssueCode"];
            /** @description The field of the convention, where there is one. */
            field?: string | null;
            /**
             * Format: int32
             * @description Which part of the name, from 1.
             */
            position?: number | null;
            /** @description What stands there. */
            value?: string | null;
            message: string;
        };
        /** @enum {string} */
        NamingIssueCode: "empty" | "too_long" | "not_ascii" | "control_character" | "too_many_parts" | "missing_field" | "extra_part" | "not_in_list" | "pattern_mismatch" | "not_a_date" | "not_a_number" | "wrong_reference" | "text_length" | "rule_broken" | "not_unique";
        NamingKind: {
            values: components["schemas"]["NamingChoice"][];
            /** @enum {string} */
            type: "picklist";
        } | {
            pattern: string;
            /** @enum {string} */
            type: "pattern";
        } | {
            format: string;
            /** @enum {string} */
            type: "date";
        } | {
            /** Format: int64 */
            min?: number | null;
            /** Format: int64 */
            max?: number | null;
            /**
             * Format: int32
             * @description Exactly so many digits, with zeros in front.
             */
            digits?: number | null;
            /** @enum {string} */
            type: "number";
        } | {
            attribute: components["schemas"]["NamingAttribute"];
            /** @enum {string} */
            type: "reference";
        } | {
            /** Format: int32 */
            min?: number;
            /** Format: int32 */
            max?: number;
            /** @enum {string} */
            type: "text";
        };
        /** @enum {string} */
        NamingLevel: "campaign" | "insertion_order" | "line_item" | "creative";
        NamingLevelShare: components["schemas"]["NamingShare"] & {
            level: string;
        };
        NamingName: {
            dsp: string;
            level: string;
            entity_id: string;
            advertiser_id: string;
            advertiser_name: string;
            parent_id?: string | null;
            name: string;
            entity_status: string;
            /**
             * Format: uuid
             * @description Absent: none is for it.
             */
            convention_id?: string | null;
            compliant?: boolean | null;
            issues: components["schemas"]["NamingIssue"][];
            /** @description The likeliest first. */
            suggestions: components["schemas"]["NamingSuggestion"][];
        };
        NamingPicklist: {
            values: components["schemas"]["NamingChoice"][];
            /** @description Columns that the file has; none for JSON. */
            columns: string[];
            code_column?: string | null;
            label_column?: string | null;
            /** @description Rows that were left out, and why. */
            left_out: string[];
        };
        /** @enum {string} */
        NamingPresence: "required" | "optional" | "repeated";
        /** @description How names of the level would stand. */
        NamingPreview: {
            /**
             * Format: int64
             * @description Names that it would be for.
             */
            names: number;
            /** Format: int64 */
            compliant: number;
            /**
             * Format: int64
             * @description Of the same names, those that keep to what is in force for them now.
             */
            compliant_now: number;
            /** @description Those that would be wrong, or some of them. */
            wrong: components["schemas"]["NamingName"][];
            /** @description Some of those that would be right. */
            right: string[];
        };
        NamingProposal: {
            convention: components["schemas"]["Convention"];
            /**
             * Format: int32
             * @description Names that were looked at.
             */
            names: number;
            /**
             * Format: int32
             * @description Those that keep to the proposal.
             */
            keep: number;
            fields: components["schemas"]["NamingFieldSupport"][];
            /** @description Some of the names that do not keep to it. */
            exceptions: string[];
        };
        NamingProposalAnswer: {
            /**
             * Format: int64
             * @description Names there are of the level; with fewer than ten of them, or with none alike, nothing can be
             *     learned.
             */
            names: number;
            proposal?: components["schemas"]["NamingProposal"] | null;
        };
        /** @enum {string} */
        NamingRepair: "cleaned" | "case" | "alias" | "nearest" | "rewritten" | "of_the_entity" | "of_the_parent" | "only_choice" | "removed";
        /** @description What must hold besides each field for itself. */
        NamingRule: {
            field: string;
            codes: string[];
            then_field: string;
            then_codes: string[];
            /** @enum {string} */
            rule: "implies";
        } | {
            field: string;
            codes: string[];
            then_field: string;
            /** @enum {string} */
            rule: "needs";
        } | {
            field: string;
            codes: string[];
            then_field: string;
            /** @enum {string} */
            rule: "excludes";
        } | {
            field: string;
            parent_field: string;
            /** @enum {string} */
            rule: "same_as_parent";
        } | {
            /** @enum {string} */
            rule: "begins_with_parent";
        } | {
            field: string;
            attribute: components["schemas"]["NamingAttribute"];
            /** @enum {string} */
            rule: "agrees";
        };
        /** @description Which entities of the level it is for; empty: all of them. */
        NamingScope: {
            /** @default [] */
            advertiser_ids: string[];
            /** @default [] */
            campaign_ids: string[];
            /**
             * Format: date
             * @description Entities made from this day on, in the advertiser's zone.
             * @default null
             */
            from: string | null;
            /**
             * Format: date
             * @description Entities made up to this day.
             * @default null
             */
            to: string | null;
        };
        NamingShare: {
            /** Format: int64 */
            names: number;
            /**
             * Format: int64
             * @description Those that a convention is for.
             */
            checked: number;
            /** Format: int64 */
            compliant: number;
            /** @description Of those checked, with two digits; absent while none is. */
            percent?: string | null;
        };
        NamingSuggestion: {
            name: string;
            confidence: components["schemas"]["NamingConfidence"];
            changes: components["schemas"]["NamingChange"][];
        };
        /**
         * @description Among which names a name may occur once only.
         * @enum {string}
         */
        NamingUnique: "no" | "in_parent" | "in_advertiser";
        NewConvention: {
            document: components["schemas"]["JsonDocument"];
            /** @description Why, for whoever asks later. */
            comment?: string;
        };
        NewDrop: {
            /** @description `file_drop`; others begin with a consent. */
            connector: string;
            /** @description What people call it. */
            name: string;
        };
        /** @description What somebody wants. */
        NewForecast: {
            connection_id: components["schemas"]["ConnectionId"];
            pipeline: string;
            /**
             * Format: date
             * @description Both ends inclusive, in the advertisers' own days.
             */
            start: string;
            /** Format: date */
            end: string;
        };
        OrgId: string;
        /** @description A header that the file has where a column is expected. */
        OtherName: {
            column: string;
            header: string;
        };
        /** @enum {string} */
        PacingCapKind: "budget" | "daily_max" | "line_items" | "order_budget" | "order_daily_max";
        PacingDay: {
            /** Format: date */
            date: string;
            /** Format: int64 */
            spend_micros: number;
            /** Format: int64 */
            cumulative_micros: number;
            /**
             * Format: int64
             * @description What the plan wanted by the end of this day.
             */
            plan_cumulative_micros: number;
            /** @description The source may still change it. */
            provisional: boolean;
        };
        PacingDetail: {
            row: components["schemas"]["PacingRow"];
            segments: components["schemas"]["SegmentPacing"][];
            /** @description The days of the row's segment that are complete. */
            days: components["schemas"]["PacingDay"][];
            /** @description Every day of the row's segment, those to come as well. */
            plan: components["schemas"]["PlanDay"][];
            line_items: components["schemas"]["PacingRow"][];
            explain: components["schemas"]["Explanation"][];
            /** @description The calendar that weighs its days, if one does. */
            calendar?: string | null;
        };
        /**
         * @description What a row is about.
         * @enum {string}
         */
        PacingLevel: "insertion_order" | "line_item" | "campaign" | "advertiser" | "portfolio";
        PacingList: {
            items: components["schemas"]["PacingRow"][];
            next_cursor?: string | null;
            /** @description Over all pages, by currency, impressions last. */
            totals: components["schemas"]["PacingTotal"][];
            as_of: components["schemas"]["AsOf"];
        };
        /**
         * @description Orders that belong together: any that is named, or whose campaign or advertiser is, or whose name
         *     has this in it.
         */
        PacingPortfolio: {
            /** @default [] */
            advertiser_ids: string[];
            /** @default [] */
            campaign_ids: string[];
            /** @default [] */
            insertion_order_ids: string[];
            /** @default  */
            name_contains: string;
        };
        /**
         * @description Amounts are millionths of the budget's unit: of the currency, or of impressions. A campaign, an
         *     advertiser or a portfolio sums up those of its orders that run, one row for each unit.
         */
        PacingRow: {
            level: components["schemas"]["PacingLevel"];
            /** @description The source's id, or the portfolio's own. */
            id: string;
            /** @description One of a kind in the list. */
            row_key: string;
            name: string;
            dsp: string;
            advertiser_id: string;
            advertiser_name: string;
            campaign_id: string;
            campaign_name: string;
            insertion_order_id: string;
            insertion_order_name: string;
            /** @description `currency` or `impressions`. */
            budget_unit: string;
            currency: string;
            entity_status: string;
            /** @description Of a line item. */
            kind: string;
            /** @description Of a line item: `automatic`, `fixed` or `unlimited`. */
            allocation: string;
            /** @description `daily` or `flight`. */
            pacing_period: string;
            /** @description `even`, `ahead` or `asap`. */
            pacing_type: string;
            /**
             * Format: int64
             * @description The most of a day, if there is one.
             */
            daily_max_micros?: number | null;
            /**
             * Format: date
             * @description Of the budget segment, or the line item's flight.
             */
            start_date?: string | null;
            /** Format: date */
            end_date?: string | null;
            /** Format: int64 */
            budget_micros?: number | null;
            description: string;
            /**
             * Format: int64
             * @description Orders that are summed up.
             */
            order_count: number;
            /** Format: int64 */
            spend_micros: number;
            /** Format: int64 */
            expected_micros: number;
            /**
             * Format: int64
             * @description Expected, but evenly if paced as soon as possible; what groups are summed up by.
             */
            judged_by_micros: number;
            /**
             * Format: int64
             * @description Spent less expected.
             */
            ahead_micros: number;
            /** @description A decimal with two digits, such as `98.53`. */
            pacing_percent?: string | null;
            /** @description If the budget was edited while it ran: as if it had always been what it is now. */
            restated_percent?: string | null;
            percent_ahead?: string | null;
            days_ahead?: string | null;
            /** Format: int64 */
            remaining_micros: number;
            /** Format: int64 */
            needed_per_day_micros?: number | null;
            /**
             * Format: int64
             * @description What the next day should bring, as this paces.
             */
            target_next_day_micros?: number | null;
            /** Format: int64 */
            average_per_day_micros?: number | null;
            /**
             * Format: int64
             * @description The mean of the last seven complete days.
             */
            last_week_per_day_micros?: number | null;
            /** Format: int64 */
            yesterday_micros: number;
            /**
             * Format: int64
             * @description If the days left are like the last seven.
             */
            projected_end_micros?: number | null;
            /** Format: int64 */
            projected_low_micros?: number | null;
            /** Format: int64 */
            projected_high_micros?: number | null;
            /**
             * Format: date
             * @description The day the budget is used up at that rate, if before the last.
             */
            used_up_on?: string | null;
            /** Format: int64 */
            underspend_at_risk_micros: number;
            /** @description Of the budget, while the segment runs. */
            at_risk_percent?: string | null;
            cap_kind?: components["schemas"]["PacingCapKind"] | null;
            /**
             * Format: int64
             * @description The most it still lets through.
             */
            cap_left_micros?: number | null;
            /**
             * Format: int64
             * @description So much of the budget it keeps from being reached.
             */
            cap_short_micros?: number | null;
            /** Format: int64 */
            days_total: number;
            /** Format: int64 */
            days_elapsed: number;
            /**
             * Format: int64
             * @description Of the complete days, those that the source may still change.
             */
            provisional_days: number;
            /** Format: date */
            through?: string | null;
            status: components["schemas"]["PacingStatus"];
            /** @description The last fourteen complete days. */
            spark: number[];
        };
        /** @description Either a view or a portfolio. */
        PacingSaved: {
            /** Format: uuid */
            saved_id: string;
            name: string;
            /** @description The parameters of the page's address. */
            view?: {
                [key: string]: string;
            } | null;
            portfolio?: components["schemas"]["PacingPortfolio"] | null;
            /** Format: int32 */
            version: number;
            created_by: components["schemas"]["UserId"];
            changed_by: components["schemas"]["UserId"];
            /** Format: date-time */
            changed_at: string;
        };
        PacingSavedList: {
            /** @description By name. */
            items: components["schemas"]["PacingSaved"][];
            next_cursor?: string | null;
        };
        /** @enum {string} */
        PacingStatus: "on_pace" | "behind" | "ahead" | "not_started" | "ended" | "no_budget" | "no_data";
        /** @description Figures that nobody has made come true. */
        PacingSupposed: {
            /** Format: date */
            end_date: string;
            /** Format: int64 */
            budget_micros: number;
            /** Format: int64 */
            days_total: number;
            /** Format: int64 */
            days_elapsed: number;
            /** Format: int64 */
            expected_micros: number;
            pacing_percent?: string | null;
            /** Format: int64 */
            remaining_micros: number;
            /** Format: int64 */
            needed_per_day_micros?: number | null;
            /** Format: int64 */
            projected_end_micros?: number | null;
            /** Format: date */
            used_up_on?: string | null;
            /** Format: int64 */
            underspend_at_risk_micros: number;
            status: components["schemas"]["PacingStatus"];
            /** @description Every day, those to come as well. */
            plan: components["schemas"]["PlanDay"][];
        };
        /** @description Sums over rows that count in the same: one currency, or impressions. */
        PacingTotal: {
            /** @description `currency` or `impressions`. */
            budget_unit: string;
            /** @description Absent for impressions, which are summed whatever they are paid in. */
            currency?: string | null;
            /** Format: int64 */
            budget_micros: number;
            /** Format: int64 */
            spend_micros: number;
            /** Format: int64 */
            expected_micros: number;
            /** @description A decimal with two digits; absent while nothing is expected. */
            pacing_percent?: string | null;
            /** Format: int64 */
            at_risk_micros: number;
            /** Format: int64 */
            count: number;
        };
        Partner: {
            partner_id: string;
            name: string;
            entity_status: string;
        };
        PartnerList: {
            items: components["schemas"]["Partner"][];
            next_cursor?: string | null;
        };
        Pipeline: {
            pipeline: string;
            enabled: boolean;
            effective?: components["schemas"]["Spec"] | null;
            /** @description What its rows say they came from, such as `dv360_line_item_days@1+0/2`. */
            pipeline_version?: string | null;
            /** @description The layer does not go with the newest shipped spec, so it runs over the one it was made for. */
            held_back: boolean;
            built_in?: components["schemas"]["Spec"] | null;
            layer?: components["schemas"]["JsonDocument"] | null;
            /**
             * Format: int32
             * @description Raised by each change; what a change is made on.
             */
            layer_version: number;
            /** @description From the shipped spec to the one with the changes. */
            diff: components["schemas"]["DocumentChange"][];
            problems: components["schemas"]["DocumentFinding"][];
            /** @description What a newer shipped spec changed where the layer does, too. The layer holds. */
            conflicts: components["schemas"]["DocumentChange"][];
        };
        /** @description What a pipeline may use in a day of the source's quota, by its own spec. */
        PipelineBudget: {
            pipeline: string;
            items: components["schemas"]["Budget"][];
        };
        PipelineCheck: {
            valid: boolean;
            effective?: components["schemas"]["Spec"] | null;
            /** @description From how it is now. */
            diff: components["schemas"]["DocumentChange"][];
            problems: components["schemas"]["DocumentFinding"][];
        };
        PipelineHealth: {
            pipeline: string;
            /** Format: date-time */
            last_success_at?: string | null;
            last_sync?: components["schemas"]["SyncSummary"] | null;
            /** Format: date-time */
            next_run_at?: string | null;
        };
        PipelineList: {
            items: components["schemas"]["PipelineSummary"][];
            next_cursor?: string | null;
        };
        /** @description A pipeline in a line. */
        PipelineSummary: {
            pipeline: string;
            title: string;
            enabled: boolean;
            dataset?: components["schemas"]["SpecDataset"] | null;
            connector?: string | null;
            dsp?: string | null;
            /**
             * Format: int32
             * @description Of the shipped spec; absent for a pipeline of the org's own.
             */
            built_in_version?: number | null;
            /**
             * Format: int32
             * @description 0: as shipped.
             */
            layer_version: number;
            /** @description Whether the org changed it. */
            changed: boolean;
            /** @description Things a person should look at. */
            problems: number;
        };
        /** @description What the plan wants by the end of a day. */
        PlanDay: {
            /** Format: date */
            date: string;
            /** Format: int64 */
            cumulative_micros: number;
        };
        /** @description What went wrong, for programs and for people. */
        Problem: {
            code: string;
            message: string;
        };
        PutConvention: {
            document?: components["schemas"]["JsonDocument"] | null;
            /** @description Why, for whoever asks later. */
            comment?: string;
        };
        PutEnabled: {
            enabled: boolean;
        };
        PutLayer: {
            layer?: components["schemas"]["JsonDocument"] | null;
            /** @description Why, for whoever asks later. */
            comment?: string;
            /**
             * Format: int32
             * @description The `layer_version` that the change was made on; another one is a conflict.
             */
            expected_version: number;
        };
        PutModule: {
            enabled: boolean;
            template?: components["schemas"]["ModuleTemplate"] | null;
            settings?: components["schemas"]["JsonDocument"] | null;
            /** @description Why, for whoever asks later. */
            comment?: string;
        };
        QuarantineDetail: components["schemas"]["QuarantineEntry"] & {
            header?: components["schemas"]["FileLine"] | null;
            lines: components["schemas"]["FileLine"][];
        };
        QuarantineEntry: {
            /** @description The sync that ended here. */
            sync_id: components["schemas"]["SyncId"];
            connection_id: components["schemas"]["ConnectionId"];
            bronze_id: components["schemas"]["BronzeId"];
            pipeline: string;
            state: components["schemas"]["EntryState"];
            /** @description Stable, for programs: `schema_drift`, `control_total`, `rule_broken`, `file_cut_off`, … */
            code: string;
            /** @description For people. */
            message: string;
            /**
             * Format: int64
             * @description The line of the file, if the reason is at one.
             */
            line?: number | null;
            drifts: components["schemas"]["Drift"][];
            range?: components["schemas"]["DateRange"] | null;
            /** Format: date-time */
            created_at: string;
            replay_sync_id?: components["schemas"]["SyncId"] | null;
        };
        QuarantineList: {
            /** @description Newest first. */
            items: components["schemas"]["QuarantineEntry"][];
            next_cursor?: string | null;
        };
        ReadPicklist: {
            /** @description CSV or tab-separated text with a header, or JSON: a list of codes, or of objects. */
            text: string;
            /** @description Absent: the first that looks like one. */
            code_column?: string | null;
            label_column?: string | null;
        };
        Reconciliation: {
            /** Format: date */
            from: string;
            /** Format: date */
            to: string;
            /** @description Of all cells: a decimal with four digits, rounded down. Absent: nothing was compared. */
            accuracy_percent?: string | null;
            /**
             * Format: int64
             * @description One per advertiser, day and metric.
             */
            cells: number;
            /** Format: int64 */
            equal: number;
            metrics: components["schemas"]["MetricAccuracy"][];
            /** @description The cells that differ, latest first, at most 200. */
            failing: components["schemas"]["FailingCell"][];
            /**
             * Format: int64
             * @description Days of an advertiser without the source's own sums; switch on the pipeline
             *     `dv360_advertiser_days` to have them.
             */
            days_not_compared: number;
        };
        Refusal: {
            code: string;
            message: string;
            /** Format: int64 */
            line?: number | null;
        };
        /** @description One replay: how far it is, and what it has found so far. */
        Replay: {
            replay_id: components["schemas"]["ReplayId"];
            pipeline: string;
            /** Format: date */
            start: string;
            /** Format: date */
            end: string;
            /** @description As wished for; absent: the spec in force. */
            pipeline_version?: string | null;
            dry_run: boolean;
            state: components["schemas"]["ReplayState"];
            /** @description What is going on, for people. */
            message: string;
            /**
             * Format: double
             * @description From 0 to 1.
             */
            progress: number;
            /** Format: int32 */
            files: number;
            /** Format: int32 */
            files_read: number;
            problem?: components["schemas"]["ReplayProblem"] | null;
            diff: components["schemas"]["ReplayDiff"];
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            started_at?: string | null;
            /** Format: date-time */
            finished_at?: string | null;
        };
        /** @description One advertiser's day of a replay. */
        ReplayDay: {
            advertiser_id: string;
            /** Format: date */
            date: string;
            bronze_id?: components["schemas"]["BronzeId"] | null;
            /**
             * @description `planned`, `equal`, `different`, `only_before`, `only_after`, `unreadable`, `without_file`
             *     or `superseded`.
             */
            state: string;
            /** @description SHA-256 of the day's rows, in hex; absent before it is read and where there are none. */
            sha256_before?: string | null;
            sha256_after?: string | null;
        };
        ReplayDayList: {
            items: components["schemas"]["ReplayDay"][];
            next_cursor?: string | null;
        };
        /** @description What reading the files again gives, against what silver had before. */
        ReplayDiff: {
            /**
             * @default {
             *       "different": 0,
             *       "equal": 0,
             *       "only_after": 0,
             *       "only_before": 0,
             *       "superseded": 0,
             *       "unreadable": 0,
             *       "without_file": 0
             *     }
             */
            days: components["schemas"]["DayCounts"];
            /**
             * @default {
             *       "rows": 0,
             *       "sha256": null,
             *       "sums": {}
             *     }
             */
            before: components["schemas"]["Side"];
            /**
             * @description What silver holds after the replay or, in a dry run, would hold.
             * @default {
             *       "rows": 0,
             *       "sha256": null,
             *       "sums": {}
             *     }
             */
            after: components["schemas"]["Side"];
            /**
             * Format: int64
             * @default 0
             */
            rows_equal: number;
            /**
             * Format: int64
             * @default 0
             */
            rows_different: number;
            /**
             * Format: int64
             * @default 0
             */
            rows_only_before: number;
            /**
             * Format: int64
             * @default 0
             */
            rows_only_after: number;
            /**
             * @description The first that differ, at most a hundred.
             * @default []
             */
            samples: components["schemas"]["RowDiff"][];
            /**
             * @description Files that could not be read with this version; their days stay as they are.
             * @default []
             */
            unreadable: components["schemas"]["UnreadableFile"][];
            /**
             * @description The versions that files were read with.
             * @default []
             */
            versions: string[];
        };
        ReplayId: string;
        ReplayList: {
            /** @description Newest first. */
            items: components["schemas"]["Replay"][];
            next_cursor?: string | null;
        };
        ReplayProblem: {
            code: string;
            message: string;
        };
        /** @enum {string} */
        ReplayState: "queued" | "reading" | "concluding" | "done" | "failed" | "cancelled";
        /** @enum {string} */
        Resource: "calls" | "rows" | "bytes" | "cost_micros_usd";
        /** @description What one run dropped of a pipeline's data. */
        RetentionDrop: {
            pipeline: string;
            /** Format: int64 */
            days: number;
            /** Format: int64 */
            rows: number;
            /** Format: int64 */
            files: number;
            /** Format: int64 */
            bytes: number;
            /** Format: date-time */
            dropped_at: string;
        };
        RetentionDropList: {
            /** @description Newest first. */
            items: components["schemas"]["RetentionDrop"][];
            next_cursor?: string | null;
        };
        RetentionLine: {
            pipeline: string;
            /**
             * Format: int32
             * @description For how long the pipeline says that days are kept.
             */
            silver_days: number;
            /**
             * Format: date
             * @description Earlier days are dropped, each advertiser's.
             */
            silver_before: string;
            /**
             * Format: date
             * @description The source may change this day and later ones: they are kept whatever the pipeline says.
             */
            settled_before: string;
            /**
             * Format: date
             * @description The oldest day that is there.
             */
            kept_since?: string | null;
            /** Format: int64 */
            days_kept: number;
            /** Format: int64 */
            rows_kept: number;
            /** Format: int64 */
            days_due: number;
            /** Format: int64 */
            rows_due: number;
            /**
             * Format: int32
             * @description For how long the pipeline says that files are kept.
             */
            bronze_days: number;
            /**
             * Format: date-time
             * @description Files fetched earlier expire, unless a day that may still change came from them.
             */
            bronze_before: string;
            /** Format: int64 */
            files_kept: number;
            /** Format: int64 */
            bytes_kept: number;
            /** Format: int64 */
            files_due: number;
            /** Format: int64 */
            bytes_due: number;
        };
        RetentionPlan: {
            /**
             * Format: date-time
             * @description Absent: nothing was ever loaded, so there is nothing to drop.
             */
            next_run_at?: string | null;
            items: components["schemas"]["RetentionLine"][];
        };
        /**
         * @description A member's role in an org.
         * @enum {string}
         */
        Role: "viewer" | "analyst" | "admin" | "owner";
        /** @description A row that is not the same on both sides. */
        RowDiff: {
            advertiser_id: string;
            /** Format: date */
            date: string;
            line_item_id: string;
            breakdown: string;
            columns: components["schemas"]["ColumnDiff"][];
        };
        /** @description A row in the words of the unified model; what is counted in fractions is in millionths. */
        SampleRow: {
            /** Format: int64 */
            line: number;
            /** Format: date */
            date: string;
            advertiser_id: string;
            campaign_id: string;
            insertion_order_id: string;
            line_item_id: string;
            currency?: string | null;
            breakdown: string;
            metrics: {
                [key: string]: number | null;
            };
        };
        /** @description A view or a portfolio, and not both. */
        SavePacing: {
            name: string;
            view?: {
                [key: string]: string;
            } | null;
            portfolio?: components["schemas"]["PacingPortfolio"] | null;
            /**
             * Format: int32
             * @description Of the version that a change was made on; another one is a conflict.
             */
            expected_version?: number | null;
        };
        /** @description From a day on, a budget and its last day. */
        SegmentEdit: {
            /**
             * Format: date
             * @description The advertiser's day on which the change was made or first seen.
             */
            from: string;
            /** Format: date */
            end_date: string;
            /** Format: int64 */
            budget_micros: number;
        };
        SegmentPacing: {
            /** Format: date */
            start_date: string;
            /** Format: date */
            end_date: string;
            /** Format: int64 */
            budget_micros: number;
            description: string;
            /** Format: int64 */
            spend_micros: number;
            /** Format: int64 */
            expected_micros: number;
            pacing_percent?: string | null;
            /** Format: int64 */
            remaining_micros: number;
            /** Format: int64 */
            projected_end_micros?: number | null;
            /** Format: int64 */
            days_total: number;
            /** Format: int64 */
            days_elapsed: number;
            status: components["schemas"]["PacingStatus"];
            /** @description How its budget was changed, oldest first; nothing if it never was. */
            edits: components["schemas"]["SegmentEdit"][];
        };
        Session: {
            user: components["schemas"]["SessionUser"];
            org: components["schemas"]["SessionOrg"];
            role: components["schemas"]["Role"];
            /** @description Everything the role allows. */
            permissions: components["schemas"]["Action"][];
            /** @description The modules that are switched on. */
            modules: string[];
            /** @description Where the person's other orgs and account are. */
            app_url: string;
        };
        SessionOrg: {
            org_id: components["schemas"]["OrgId"];
            slug: string;
            name: string;
        };
        SessionUser: {
            user_id: components["schemas"]["UserId"];
            email: string;
            name: string;
        };
        /** @description All of the org's own limits; what is left out is the platform's again. */
        SetBudgets: {
            limits: {
                [key: string]: components["schemas"]["Limit"];
            };
        };
        Side: {
            /**
             * Format: int64
             * @default 0
             */
            rows: number;
            /**
             * @description By metric, over all currencies.
             * @default {}
             */
            sums: {
                [key: string]: number;
            };
            /**
             * @description SHA-256 of all business columns in the order of their keys, in hex; once all is read.
             * @default null
             */
            sha256: string | null;
        };
        Spec: {
            /** @description Stable, unique within an org: lower case letters, digits and `_`. */
            pipeline: string;
            /**
             * Format: int32
             * @description One higher with each change of the shipped file.
             */
            version: number;
            title: string;
            description: string;
            /** @description The table of the unified model that the rows go to. */
            dataset: components["schemas"]["SpecDataset"];
            source: components["schemas"]["SpecSource"];
            columns: components["schemas"]["SpecColumn"][];
            schedule: components["schemas"]["SpecSchedule"];
            window: components["schemas"]["SpecWindow"];
            contract: components["schemas"]["SpecContract"];
            quality?: components["schemas"]["SpecRule"][];
            retention: components["schemas"]["SpecRetention"];
            budget?: components["schemas"]["SpecBudget"];
        };
        /** @description The most a day may use; absent is no limit of the pipeline's own. */
        SpecBudget: {
            /**
             * Format: int32
             * @default null
             */
            calls_per_day: number | null;
            /**
             * Format: int64
             * @default null
             */
            rows_per_day: number | null;
            /**
             * Format: int64
             * @default null
             */
            bytes_per_day: number | null;
        };
        /** @description One column of the source, under each of the names it has been seen to use. */
        SpecColumn: {
            /** @description Ours, unique in the spec. */
            name: string;
            /** @description What to ask the source for, such as `FILTER_DATE`; files are not asked. */
            ask?: string | null;
            headers: string[];
            role: components["schemas"]["SpecRole"];
            kind: components["schemas"]["SpecKind"];
            to: components["schemas"]["SpecTo"];
            /** @description What is absent without being required is null. */
            required?: boolean;
        };
        /** @description What becomes of a file that is not what the spec says. */
        SpecContract: {
            /** @description A column the spec does not know. */
            new_column: components["schemas"]["SpecDrift"];
            /** @description A column that is not there. A required one always puts the file into quarantine. */
            missing_column: components["schemas"]["SpecDrift"];
            /** @description A cell that cannot be read as its kind. */
            retyped_column: components["schemas"]["SpecDrift"];
        };
        /** @enum {string} */
        SpecDataset: "line_item_days" | "breakdown_days" | "advertiser_days";
        /** @enum {string} */
        SpecDateFormat: "y-m-d" | "d.m.y" | "m/d/y" | "ymd";
        /** @enum {string} */
        SpecDrift: "evolve" | "freeze" | "quarantine";
        /** @enum {string} */
        SpecFileFormat: "csv";
        /** @description How a delivered file is laid out. */
        SpecFileShape: {
            /** @description The buying platform the figures are of, as it shall stand in silver: `ttd`, `amazon`. */
            dsp: string;
            /** @description Which files belong to the pipeline: `*` and `?` stand for any characters but `/`. */
            name_pattern: string;
            format: components["schemas"]["SpecFileFormat"];
            /** @description Between fields of a line: `,` `;` `|` or a tab. */
            delimiter?: string;
            /**
             * Format: int32
             * @description Lines before the header.
             */
            skip_lines?: number;
            /** @description Whether the last row sums up the others. */
            totals?: components["schemas"]["SpecTotals"];
            /** @description Between whole and fraction; the other one of `.` and `,` may group thousands. */
            decimal_separator?: string;
            date_format?: components["schemas"]["SpecDateFormat"];
            /** @description For files without a column for it. */
            currency?: string | null;
        };
        SpecFilter: {
            name: string;
            value: string;
        };
        /**
         * @description How a cell is read: exactly, or not at all.
         * @enum {string}
         */
        SpecKind: "date" | "id" | "text" | "currency" | "time_zone" | "count" | "decimal" | "money";
        SpecRetention: {
            /** Format: int32 */
            bronze_days: number;
            /** Format: int32 */
            silver_days: number;
        };
        /** @enum {string} */
        SpecRole: "dimension" | "metric";
        /** @description A check of the rows, after the file has been proven whole. */
        SpecRule: {
            column: string;
            severity: components["schemas"]["SpecSeverity"];
            /** @enum {string} */
            check: "not_negative";
        } | {
            column: string;
            severity: components["schemas"]["SpecSeverity"];
            /** @enum {string} */
            check: "not_null";
        } | {
            column: string;
            other: string;
            severity: components["schemas"]["SpecSeverity"];
            /** @enum {string} */
            check: "at_most";
        } | {
            column: string;
            severity: components["schemas"]["SpecSeverity"];
            /** @enum {string} */
            check: "went_to_zero";
        } | {
            /** Format: int32 */
            percent: number;
            severity: components["schemas"]["SpecSeverity"];
            /** @enum {string} */
            check: "fewer_rows";
        };
        /** @description When a source is asked by itself. */
        SpecSchedule: {
            /** Format: int32 */
            every_hours: number;
            /**
             * Format: int32
             * @description Not before this hour in the advertisers' latest time zone.
             */
            not_before_hour?: number;
        };
        /** @enum {string} */
        SpecSeverity: "warn" | "quarantine";
        SpecSource: {
            /** @description As the source calls it, such as `STANDARD`. */
            report_type: string;
            /** @description Besides partner and advertisers, which every report is limited to. */
            filters?: components["schemas"]["SpecFilter"][];
            /** @enum {string} */
            connector: "dv360";
        } | {
            file: components["schemas"]["SpecFileShape"];
            /** @enum {string} */
            connector: "file_drop";
        };
        /**
         * @description The column of the unified model.
         * @enum {string}
         */
        SpecTo: "date" | "partner_id" | "advertiser_id" | "campaign_id" | "insertion_order_id" | "line_item_id" | "currency" | "time_zone" | "breakdown" | "impressions" | "billable_impressions" | "clicks" | "conversions" | "revenue" | "media_cost" | "billable_cost" | "extra" | "nothing";
        /** @enum {string} */
        SpecTotals: "none" | "last_row";
        /** @description Which days are asked for, and until when they may still change. */
        SpecWindow: {
            /**
             * Format: int32
             * @description How far back the first sync reaches, in days.
             */
            first_days: number;
            /**
             * Format: int32
             * @description How many days before the newest one each sync asks for again.
             */
            look_back_days: number;
            /**
             * Format: int32
             * @description The day of the month on which the source certifies the month before; days are provisional
             *     until then and are read once more after it.
             */
            month_close_day: number;
        };
        /** @enum {string} */
        Standing: "within" | "soft" | "used_up";
        /** @description `POST /api/replays` and `PUT /internal/orgs/{org_id}/replays/{replay_id}`. */
        StartReplay: {
            /** @description Absent: the one whose files gave those days, if there is only one. */
            pipeline?: string | null;
            /**
             * Format: date
             * @description The first day, in the advertisers' own time.
             */
            start: string;
            /**
             * Format: date
             * @description The last day.
             */
            end: string;
            /**
             * @description A version that files were loaded with, as lineage names it; `as_loaded` reads each file with
             *     the spec it was read with. Absent: the spec in force.
             */
            pipeline_version?: string | null;
            /** @description Only say what would change. */
            dry_run: boolean;
        };
        StartSync: {
            connection_id: components["schemas"]["ConnectionId"];
            /** @description The line items' days if absent. */
            pipeline?: string | null;
        };
        Starter: {
            user_id: components["schemas"]["UserId"];
            /** @enum {string} */
            by: "person";
        } | {
            /** @enum {string} */
            by: "schedule";
        } | {
            backfill_id: components["schemas"]["BackfillId"];
            /** @enum {string} */
            by: "backfill";
        } | {
            user_id: components["schemas"]["UserId"];
            /** @enum {string} */
            by: "consent";
        } | {
            /** @enum {string} */
            by: "folder";
        };
        Sync: {
            sync_id: components["schemas"]["SyncId"];
            connection_id: components["schemas"]["ConnectionId"];
            pipeline: string;
            kind: components["schemas"]["Kind"];
            started_by?: components["schemas"]["Starter"] | null;
            /**
             * @description `queued`, `entities`, `requesting`, `waiting`, `downloading`, `loading`, `paused`,
             *     `done`, `failed`, `quarantined` or `cancelled`.
             */
            state: string;
            /** @description What is going on, for people. */
            message: string;
            advertisers: components["schemas"]["SyncAdvertiser"][];
            /** Format: int64 */
            rows_loaded: number;
            range: components["schemas"]["DateRange"];
            /**
             * Format: double
             * @description From 0 to 1.
             */
            progress: number;
            problem?: components["schemas"]["Problem"] | null;
            /** Format: date-time */
            started_at?: string | null;
            /** Format: date-time */
            finished_at?: string | null;
            /** Format: date-time */
            created_at: string;
        };
        SyncAdvertiser: {
            advertiser_id: string;
            name: string;
            state: components["schemas"]["TargetState"];
            /** Format: int64 */
            rows: number;
        };
        /** @description A sync with what it did. */
        SyncDetail: components["schemas"]["Sync"] & {
            /** @description Its steps so far, in order. */
            timeline: components["schemas"]["SyncStep"][];
        };
        SyncId: string;
        SyncList: {
            /** @description Newest first, at most a hundred. */
            items: components["schemas"]["Sync"][];
            next_cursor?: string | null;
        };
        /** @description A step that is over. */
        SyncStep: {
            /** @description The name of the state it was in. */
            step: string;
            /** Format: date-time */
            started_at: string;
            /** Format: date-time */
            finished_at: string;
            /**
             * Format: int64
             * @description Requests to the source.
             */
            calls: number;
            /**
             * Format: int64
             * @description Downloaded.
             */
            bytes: number;
            note?: string | null;
        };
        /** @description A sync in a line. */
        SyncSummary: {
            sync_id: components["schemas"]["SyncId"];
            pipeline: string;
            kind: components["schemas"]["Kind"];
            state: string;
            /** Format: double */
            progress: number;
            /** Format: int64 */
            rows_loaded: number;
            problem?: components["schemas"]["Problem"] | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            finished_at?: string | null;
        };
        /** @enum {string} */
        TargetState: "queued" | "working" | "done" | "failed";
        TryConvention: {
            document: components["schemas"]["JsonDocument"];
            /**
             * Format: uuid
             * @description The convention that it would be a version of; absent: a new one.
             */
            convention_id?: string | null;
        };
        TryLayer: {
            layer?: components["schemas"]["JsonDocument"] | null;
            bronze_id?: components["schemas"]["BronzeId"] | null;
            /** @description Instead of a file that came: the bytes of one, up to 512 KiB, in base64. */
            sample?: string | null;
        };
        TrySettings: {
            template?: components["schemas"]["ModuleTemplate"] | null;
            settings?: components["schemas"]["JsonDocument"] | null;
        };
        UnreadableFile: {
            bronze_id: components["schemas"]["BronzeId"];
            code: string;
            message: string;
            /** Format: int64 */
            line?: number | null;
        };
        UsageEntry: {
            /**
             * Format: date-time
             * @description The hour's beginning.
             */
            hour: string;
            /** @description `cpu_us`, `db_rows`, `bytes_in`, `bytes_out`, `jobs`, `api_calls` or `dsp_calls`. */
            meter: string;
            /** Format: int64 */
            quantity: number;
        };
        UsageList: {
            items: components["schemas"]["UsageEntry"][];
        };
        UserId: string;
        /** @description A rule that rows broke, and did not keep the file from being loaded for it. */
        Warning: {
            column: string;
            message: string;
            /** Format: int64 */
            rows: number;
            /**
             * Format: int64
             * @description The first of them.
             */
            line?: number | null;
        };
        /** @enum {string} */
        WindowState: "open" | "running" | "done" | "quarantined" | "failed";
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
