// Generated from openapi.cell.json by `npm run gen`; do not edit.
export interface paths {
    "/api/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in to this org */
        get: operations["session"];
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
        post: operations["logout"];
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
        /** The org's connections */
        get: operations["list_connections"];
        put?: never;
        post?: never;
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
        /** Begin consent at Google */
        post: operations["authorize_dv360"];
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
        get: operations["get_connection"];
        put?: never;
        post?: never;
        /** Disconnect */
        delete: operations["delete_connection"];
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
        /** Partners the account can read */
        get: operations["list_partners"];
        put?: never;
        post?: never;
        delete?: never;
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
        /** Advertisers of a partner */
        get: operations["list_advertisers"];
        /** Choose advertisers and start their backfill */
        put: operations["choose_advertisers"];
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
        /** Syncs, newest first */
        get: operations["list_syncs"];
        put?: never;
        /** Start a sync now */
        post: operations["start_sync"];
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
        get: operations["get_sync"];
        put?: never;
        post?: never;
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
        /** Progress as it happens: events `progress` (a Sync) and `end` */
        get: operations["sync_events"];
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
        /** Insertion orders against their budget segments */
        get: operations["list_pacing"];
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
        /** One insertion order: segments, days, line items, explanations */
        get: operations["get_pacing"];
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
        /** How far the data reaches */
        get: operations["freshness"];
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
        get: operations["usage"];
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
        /** @description What every failed call answers. */
        ErrorBody: {
            error: components["schemas"]["ErrorDetail"];
        };
        /** @description Why it failed. */
        ErrorDetail: {
            /** @description stable, machine readable */
            code: string;
            /** @description for a person */
            message: string;
            /** @description names this request in our logs */
            request_id: string;
        };
        /** @description A person. */
        User: {
            user_id: string;
            email: string;
            name: string;
        };
        /** @description What is wrong and why. */
        Problem: {
            code: string;
            message: string;
        };
        /** @enum {string} */
        Role: "viewer" | "analyst" | "admin" | "owner";
        /** @enum {string} */
        Action: "read" | "start_sync" | "manage_connections" | "manage_settings" | "manage_members" | "own_org";
        /** @description The org this host belongs to. */
        SessionOrg: {
            org_id: string;
            slug: string;
            name: string;
        };
        /** @description The signed-in person in this org. */
        Session: {
            user: components["schemas"]["User"];
            org: components["schemas"]["SessionOrg"];
            role: components["schemas"]["Role"];
            permissions: components["schemas"]["Action"][];
            app_url: string;
        };
        /** @enum {string} */
        ConnectionState: "needs_setup" | "active" | "paused" | "failed";
        /** @description The chosen partner. */
        ChosenPartner: {
            partner_id: string;
            name: string;
        };
        /** @description A configured connector. */
        ConnectionAnswer: {
            connection_id: string;
            /** @enum {string} */
            connector: "dv360";
            state: components["schemas"]["ConnectionState"];
            account_email?: string | null;
            scopes: string[];
            problem?: null | components["schemas"]["Problem"];
            partner?: null | components["schemas"]["ChosenPartner"];
            /** Format: int64 */
            advertisers_selected: number;
            last_sync?: null | components["schemas"]["SyncSummary"];
            /** Format: date-time */
            created_at: string;
        };
        /** @description Connections. */
        ConnectionList: {
            items: components["schemas"]["ConnectionAnswer"][];
            next_cursor?: string | null;
        };
        /** @description Where to return after consent. */
        Authorize: {
            return_path: string;
        };
        /** @description Where to send the browser. */
        AuthorizeAnswer: {
            authorize_url: string;
        };
        /** @description A DV360 partner. */
        PartnerAnswer: {
            partner_id: string;
            name: string;
            entity_status: string;
        };
        /** @description Partners. */
        PartnerList: {
            items: components["schemas"]["PartnerAnswer"][];
            next_cursor?: string | null;
        };
        /** @description What a backfill would take. */
        Estimate: {
            /** Format: int64 */
            days: number;
            /** Format: int64 */
            report_requests: number;
            /** Format: int64 */
            seconds: number;
        };
        /** @description A DV360 advertiser. */
        AdvertiserAnswer: {
            advertiser_id: string;
            name: string;
            currency: string;
            time_zone: string;
            entity_status: string;
            selected: boolean;
            estimate: components["schemas"]["Estimate"];
        };
        /** @description Advertisers. */
        AdvertiserList: {
            items: components["schemas"]["AdvertiserAnswer"][];
            next_cursor?: string | null;
        };
        /** @description The advertisers to read. */
        ChooseAdvertisers: {
            partner_id: string;
            advertiser_ids: string[];
        };
        /** @enum {string} */
        SyncKind: "backfill" | "daily";
        /** @enum {string} */
        SyncAdvertiserState: "queued" | "working" | "done" | "failed";
        /** @description One advertiser in a sync. */
        SyncAdvertiser: {
            advertiser_id: string;
            name: string;
            state: components["schemas"]["SyncAdvertiserState"];
            /** Format: int64 */
            rows: number;
        };
        /** @description Both days included. */
        DateRange: {
            /** Format: date */
            start: string;
            /** Format: date */
            end: string;
        };
        /** @description One run of a connection. */
        SyncAnswer: {
            sync_id: string;
            connection_id: string;
            kind: components["schemas"]["SyncKind"];
            state: string;
            message: string;
            advertisers: components["schemas"]["SyncAdvertiser"][];
            /** Format: int64 */
            rows_loaded: number;
            range: components["schemas"]["DateRange"];
            /**
             * Format: double
             * @description 0 to 1
             */
            progress: number;
            problem?: null | components["schemas"]["Problem"];
            /** Format: date-time */
            started_at?: string | null;
            /** Format: date-time */
            finished_at?: string | null;
            /** Format: date-time */
            created_at: string;
        };
        /** @description A sync in a line. */
        SyncSummary: {
            sync_id: string;
            kind: components["schemas"]["SyncKind"];
            state: string;
            /** Format: double */
            progress: number;
            /** Format: int64 */
            rows_loaded: number;
            problem?: null | components["schemas"]["Problem"];
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            finished_at?: string | null;
        };
        /** @description Syncs. */
        SyncList: {
            items: components["schemas"]["SyncAnswer"][];
            next_cursor?: string | null;
        };
        /** @description Which connection to sync. */
        StartSync: {
            connection_id: string;
        };
        /** @enum {string} */
        BudgetUnit: "currency" | "impressions";
        /** @enum {string} */
        PacingStatus: "on_pace" | "behind" | "ahead" | "not_started" | "ended" | "no_budget" | "no_data";
        /** @description The budget segment in force. */
        Segment: {
            /** Format: date */
            start: string;
            /** Format: date */
            end: string;
            /** Format: int64 */
            budget_micros: number;
            description?: string | null;
        };
        /** @description An insertion order against its current segment. */
        PacingRow: {
            insertion_order_id: string;
            name: string;
            advertiser_id: string;
            advertiser_name: string;
            campaign_id: string;
            campaign_name: string;
            currency: string;
            entity_status: string;
            pacing_period: string;
            pacing_type: string;
            segment?: null | components["schemas"]["Segment"];
            budget_unit: components["schemas"]["BudgetUnit"];
            /** Format: int64 */
            spend_micros: number;
            /**
             * Format: int64
             * @description impressions, when the budget counts impressions
             */
            delivered?: number | null;
            /** Format: int64 */
            expected_micros: number;
            /** @description decimal text, 100.00 is on plan */
            pacing_percent?: string | null;
            percent_ahead?: string | null;
            days_ahead?: string | null;
            /** Format: int64 */
            remaining_micros: number;
            /** Format: int64 */
            needed_per_day_micros?: number | null;
            /** Format: int64 */
            average_per_day_micros?: number | null;
            /** Format: int64 */
            yesterday_micros?: number | null;
            /** Format: int64 */
            projected_end_micros?: number | null;
            /** Format: int64 */
            underspend_at_risk_micros: number;
            /** Format: int64 */
            days_total: number;
            /** Format: int64 */
            days_elapsed: number;
            status: components["schemas"]["PacingStatus"];
            /** @description micros per day, the last 14 complete days */
            spark: number[];
        };
        /** @description One budget segment and its pacing. */
        SegmentPacing: {
            /** Format: date */
            start: string;
            /** Format: date */
            end: string;
            /** Format: int64 */
            budget_micros: number;
            description?: string | null;
            /** Format: int64 */
            spend_micros: number;
            /** Format: int64 */
            expected_micros: number;
            pacing_percent?: string | null;
            /** Format: int64 */
            remaining_micros: number;
            /** Format: int64 */
            days_total: number;
            /** Format: int64 */
            days_elapsed: number;
            status: components["schemas"]["PacingStatus"];
        };
        /** @description One day of delivery. */
        PacingDay: {
            /** Format: date */
            date: string;
            /** Format: int64 */
            spend_micros: number;
            /** Format: int64 */
            cumulative_micros: number;
            /** Format: int64 */
            plan_cumulative_micros: number;
            provisional: boolean;
        };
        /** @description A line item's share of the delivery. */
        LinePacing: {
            line_item_id: string;
            name: string;
            line_item_type: string;
            entity_status: string;
            /** Format: int64 */
            budget_micros?: number | null;
            /** Format: int64 */
            spend_micros: number;
            /** Format: int64 */
            expected_micros?: number | null;
            pacing_percent?: string | null;
            /** Format: int64 */
            yesterday_micros: number;
            status: components["schemas"]["PacingStatus"];
        };
        /** @description How a figure came about. */
        Explanation: {
            /** @description the field it explains */
            key: string;
            label: string;
            formula: string;
            /** @description the formula with its numbers */
            filled: string;
            value: string;
        };
        /** @description Everything about one insertion order. */
        PacingDetail: {
            row: components["schemas"]["PacingRow"];
            segments: components["schemas"]["SegmentPacing"][];
            days: components["schemas"]["PacingDay"][];
            line_items: components["schemas"]["LinePacing"][];
            explain: components["schemas"]["Explanation"][];
        };
        /** @description Totals of one currency. */
        PacingTotal: {
            currency: string;
            /** Format: int64 */
            budget_micros: number;
            /** Format: int64 */
            spend_micros: number;
            /** Format: int64 */
            expected_micros: number;
            /** Format: int64 */
            at_risk_micros: number;
            /** Format: int64 */
            count: number;
        };
        /** @description How far one advertiser's data reaches. */
        AdvertiserFreshness: {
            advertiser_id: string;
            name: string;
            time_zone: string;
            currency: string;
            /** Format: date */
            through?: string | null;
        };
        /** @description How far the figures reach. */
        AsOf: {
            /** Format: date */
            through?: string | null;
            /** Format: int64 */
            provisional_days: number;
            advertisers: components["schemas"]["AdvertiserFreshness"][];
        };
        /** @description Pacing rows. */
        PacingList: {
            items: components["schemas"]["PacingRow"][];
            next_cursor?: string | null;
            totals: components["schemas"]["PacingTotal"][];
            as_of: components["schemas"]["AsOf"];
        };
        /** @description How far one dataset of one advertiser reaches. */
        Freshness: {
            dataset: string;
            advertiser_id: string;
            advertiser_name: string;
            time_zone: string;
            /** Format: date */
            through?: string | null;
            /** Format: int64 */
            provisional_days: number;
        };
        /** @description Freshness. */
        FreshnessList: {
            items: components["schemas"]["Freshness"][];
        };
        /** @description One meter in one hour. */
        Usage: {
            /** Format: date-time */
            hour: string;
            meter: string;
            /** Format: int64 */
            quantity: number;
        };
        /** @description Usage. */
        UsageList: {
            items: components["schemas"]["Usage"][];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ok */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description error */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description signed out */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    list_connections: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ok */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionList"];
                };
            };
            /** @description error */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    authorize_dv360: {
        parameters: {
            query?: never;
            header: {
                /** @description 1 to 128 visible ASCII characters; the same key with the same body gives the same answer */
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
            /** @description ok */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuthorizeAnswer"];
                };
            };
            /** @description error */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description error */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_connection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                connection_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ok */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionAnswer"];
                };
            };
            /** @description error */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description error */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    delete_connection: {
        parameters: {
            query?: never;
            header: {
                /** @description 1 to 128 visible ASCII characters; the same key with the same body gives the same answer */
                "idempotency-key": string;
            };
            path: {
                connection_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description disconnected */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description error */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description error */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description error */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_partners: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                connection_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ok */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerList"];
                };
            };
            /** @description error */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description error */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_advertisers: {
        parameters: {
            query?: {
                partner_id?: string;
                search?: string;
            };
            header?: never;
            path: {
                connection_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ok */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdvertiserList"];
                };
            };
            /** @description error */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description error */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    choose_advertisers: {
        parameters: {
            query?: never;
            header: {
                /** @description 1 to 128 visible ASCII characters; the same key with the same body gives the same answer */
                "idempotency-key": string;
            };
            path: {
                connection_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChooseAdvertisers"];
            };
        };
        responses: {
            /** @description ok */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SyncAnswer"];
                };
            };
            /** @description error */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description error */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description error */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_syncs: {
        parameters: {
            query?: {
                connection_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ok */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SyncList"];
                };
            };
            /** @description error */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    start_sync: {
        parameters: {
            query?: never;
            header: {
                /** @description 1 to 128 visible ASCII characters; the same key with the same body gives the same answer */
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
            /** @description ok */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SyncAnswer"];
                };
            };
            /** @description error */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description error */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description error */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description error */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_sync: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sync_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ok */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SyncAnswer"];
                };
            };
            /** @description error */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description error */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    sync_events: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sync_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description event stream */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description error */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description error */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_pacing: {
        parameters: {
            query?: {
                advertiser_id?: string;
                status?: components["schemas"]["PacingStatus"];
                search?: string;
                /** @description a column, with - before it for descending */
                sort?: string;
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ok */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PacingList"];
                };
            };
            /** @description error */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_pacing: {
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
            /** @description ok */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PacingDetail"];
                };
            };
            /** @description error */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description error */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    freshness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ok */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FreshnessList"];
                };
            };
            /** @description error */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    usage: {
        parameters: {
            query?: {
                from?: string;
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ok */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsageList"];
                };
            };
            /** @description error */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
}
