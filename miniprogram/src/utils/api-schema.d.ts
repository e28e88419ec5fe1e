// Written by `npm run api` from the server's API document. Do not edit.
export interface paths {
    "/api/v1/account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads what the account knows about itself. */
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
                        "application/json": components["schemas"]["Me"];
                    };
                };
                /** @description unauthenticated, token_expired */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/account/phone": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Keeps the phone number that WeChat has verified. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PhoneCode"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PhoneOut"];
                    };
                };
                /** @description wechat_code_refused, unauthenticated */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description invalid_fields, rule_refused */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description too_many_requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description wechat_unreachable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/address/aliases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the names that corrections teach, with what speaks for each. */
        get: {
            parameters: {
                query?: {
                    /** @description `proposed`, `approved` or `rejected`; all when missing. */
                    state?: string | null;
                    /** @description From `next` of the page before. */
                    cursor?: number | null;
                    /** @description Names of one page, 1 to 100; 50 when missing. */
                    limit?: number | null;
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
                        "application/json": components["schemas"]["AliasPage"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        /** Names a place; the name counts in every process within two seconds. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NameBody"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AliasView"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/address/aliases/{id}/approval": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a name into use; it counts in every process within two seconds. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
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
                        "application/json": components["schemas"]["AliasView"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/address/aliases/{id}/rejection": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Keeps a name out of use. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
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
                        "application/json": components["schemas"]["AliasView"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/address/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says where words, or the code at a door, lead without reporting anything. Residents are limited, staff are not. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ResolveBody"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["LocatedView"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/audit/checkpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the sealed days of the record. */
        get: {
            parameters: {
                query?: {
                    /** @description `2026-11-01`; from the first one when missing. */
                    from?: string;
                    /** @description `2026-11-30`; to the last one when missing. */
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
                        "application/json": components["schemas"]["CheckpointsView"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/audit/definitions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says what every figure means, and which cannot be computed yet. */
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
                        "application/json": components["schemas"]["DefinitionsView"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/audit/detectors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows what the detectors listed in a night. */
        get: {
            parameters: {
                query?: {
                    /** @description `2026-11-25`; the last list when missing. */
                    day?: string;
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
                        "application/json": components["schemas"]["HintsView"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/audit/exports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Orders an export of figures, or of the cases behind one. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ExportBody"];
                };
            };
            responses: {
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ExportView"];
                    };
                };
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/audit/exports/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows how far an own export is. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
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
                        "application/json": components["schemas"]["ExportView"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/audit/exports/{id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Takes the file of an own export; that it was taken is on record. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The file */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/octet-stream": unknown;
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/audit/figures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Computes figures from the ledger: what they say, over how many cases, how many are left out and
         *     still open.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Ids separated by commas (`R5,R6`); all of them when missing. */
                    ids?: string;
                    /** @description First instant, as a date (midnight at +08:00) or RFC 3339; not with `snapshot`. */
                    from?: string;
                    /** @description First instant that no longer counts, as a date or RFC 3339; not with `snapshot`. */
                    to?: string;
                    /** @description The figures of a month as they were printed: `2026-10`. */
                    snapshot?: string;
                    /** @description Which printing of the month; the last one when missing. */
                    revision?: number;
                    /** @description Look at it as it was at this instant; now when missing. */
                    as_of?: string;
                    /** @description `none`, `grid`, `community`, `category`, `urgency`, `source`, `person` or `month` (上报月份). */
                    group_by?: string;
                    /** @description Conditions that all hold: `category:utilities,month:2026-10` (上报月份). */
                    filter?: string;
                    /** @description `true`: from the ledger alone, whatever it costs. */
                    exact?: boolean;
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
                        "application/json": components["schemas"]["FiguresView"];
                    };
                };
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/audit/figures/{id}/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the cases behind a figure, each with its value and where it stands: their counts are the
         *     counts of the figure.
         */
        get: {
            parameters: {
                query: {
                    /** @description First instant, as a date (midnight at +08:00) or RFC 3339. */
                    from: string;
                    /** @description First instant that no longer counts, as a date or RFC 3339. */
                    to: string;
                    /** @description `as_of` of the answer that is looked into; now when missing. Later pages are as of the first. */
                    as_of?: string;
                    /** @description Names the group of each case; `month` is that of the report (上报月份). */
                    group_by?: string;
                    /** @description Conditions that all hold: `category:utilities,month:2026-10` (上报月份). */
                    filter?: string;
                    /** @description From `next` of the page before; refused with another question. */
                    cursor?: string;
                    /** @description 1 to 1000; 100 when missing. */
                    limit?: number;
                };
                header?: never;
                path: {
                    /** @description Id of the figure: `R6` */
                    id: string;
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
                        "application/json": components["schemas"]["FigureCasesPage"];
                    };
                };
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/audit/reports/{kind}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Prints the report of the day, week or month that holds a date, as PDF; that it was taken is on
         *     record. A month that is printed for good says which printing it shows.
         */
        get: {
            parameters: {
                query: {
                    /** @description A day of the period, at +08:00: `2026-11-26`. */
                    date: string;
                    /** @description `pdf`, which is also meant when it is missing. */
                    format?: string;
                    /** @description Of a month that is printed for good: which printing, 0 for the first; the last when missing. */
                    revision?: number;
                };
                header?: never;
                path: {
                    /** @description `daily`, `weekly` or `monthly` */
                    kind: string;
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
                        "application/pdf": unknown;
                    };
                };
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/audit/response-times": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How long each step took, per grid, community, person or category. */
        get: {
            parameters: {
                query: {
                    /** @description First instant, as a date (midnight at +08:00) or RFC 3339. */
                    from: string;
                    /** @description First instant that no longer counts, as a date or RFC 3339. */
                    to: string;
                    /** @description `grid`, `large_grid`, `person` or `category`. */
                    group_by: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The table, as JSON or with `Accept: text/csv` as CSV */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ResponseTimesView"];
                        "text/csv": string;
                    };
                };
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/audit/snapshots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists which months are printed for good. */
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
                        "application/json": components["schemas"]["PrintingsView"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/audit/snapshots/{period}/revisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prints a month again with what is known now; the printings before it stay. It is there some ten
         *     minutes later.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description A month: `2026-10` */
                    period: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["RevisionBody"];
                };
            };
            responses: {
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RevisionView"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description while another revision is being printed */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/auth/console": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Signs in at the console. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ConsoleSignIn"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SignedIn"];
                    };
                };
                /** @description sign_in_refused, second_factor_required */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description invalid_fields */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description account_locked */
                423: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description too_many_requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/auth/console/enrolment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Turns a one-time link into a console account. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Enrol"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Enrolled"];
                    };
                };
                /** @description conflict */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description binding_code_refused, invalid_fields */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description too_many_requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Exchanges a refresh token for new tokens. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Refresh"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SignedIn"];
                    };
                };
                /** @description refresh_refused */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description invalid_fields */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description too_many_requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/auth/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Signs out: the session's refresh tokens are worthless from now on. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Refresh"];
                };
            };
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description unauthenticated, token_expired */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description invalid_fields */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/wechat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Signs in from the mini-program. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["WechatSignIn"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SignedIn"];
                    };
                };
                /** @description wechat_code_refused */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description wechat_user_blocked, forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description invalid_fields */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description too_many_requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description wechat_unreachable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/buildings/{id}/wxacode": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads the image of a code, JPEG or PNG, as WeChat drew it. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
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
                        "image/jpeg": unknown;
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        /** Makes the mini-program code of a building, once: a later call answers with the same code. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description it was there */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CodeView"];
                    };
                };
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CodeView"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/bulletins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the notices for the speaker's grids, newest first. */
        get: {
            parameters: {
                query?: {
                    /** @description `next` of the page before. */
                    cursor?: string;
                    /** @description 1 to 100; 20 when absent. */
                    limit?: number;
                    /** @description Id of a grid whose notices are shown too, whoever asks. */
                    grid?: string;
                    /** @description For those who write them: the newest hundred of every state. */
                    all?: boolean;
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
                        "application/json": components["schemas"]["BulletinPage"];
                    };
                };
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        /** Writes a notice: published at once for grids, a draft for the whole street. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description 1 to 100 visible characters. A repeat with the same body is answered as the first request was,
                     *     for 24 hours; with another body it is refused with `idempotency_key_reused`.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["WriteBulletin"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["BulletinOut"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/bulletins/{id}/approval": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A second person approves what goes to the whole street; it is published then. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
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
                        "application/json": components["schemas"]["BulletinOut"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/bulletins/{id}/reading": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Notes that a notice was read; repeating it changes nothing. */
        post: {
            parameters: {
                query?: {
                    /** @description The grid that the list was asked for. */
                    grid?: string;
                };
                header?: never;
                path: {
                    id: number;
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
                        "application/json": components["schemas"]["BulletinOut"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/bulletins/{id}/withdrawal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a notice back. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
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
                        "application/json": components["schemas"]["BulletinOut"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/calendar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows which years are known and every import. */
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
                        "application/json": components["schemas"]["CalendarView"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        /** Imports a notice; it waits until another administrator confirms it. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["CalendarBody"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CalendarVersionView"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/calendar/{id}/confirmation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirms a notice that somebody else imported; every process counts with it within two seconds,
         *     and due times that waited for it are computed again.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Number of the version */
                    id: number;
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
                        "application/json": components["schemas"]["CalendarVersionView"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the cases this person may see, newest first or what waits for his answer first. */
        get: {
            parameters: {
                query?: {
                    /** @description One state, or several separated by commas (`assigned,acknowledged`); one list, newest first. */
                    state?: string | null;
                    /** @description Id of a small or large grid. */
                    grid?: string | null;
                    /** @description Only open cases past their promised time. */
                    overdue?: boolean | null;
                    /** @description Words in the text, or the number. */
                    q?: string | null;
                    /**
                     * @description Only what the speaker reported, for himself or for somebody else; `false`: only what his office
                     *     concerns him with. Both when missing.
                     */
                    reported_by_me?: boolean | null;
                    /**
                     * @description What the speaker reported and what waits for his answer comes first: a result to confirm, a
                     *     question, papers to bring, an appointment to confirm.
                     */
                    waiting_first?: boolean | null;
                    /**
                     * @description Only cases whose result the speaker declared at this instant (RFC 3339) or later, and where it
                     *     still stands; of whoever is no member of staff none.
                     */
                    finished_since?: string | null;
                    /** @description From `next` of the page before, which was asked in the same way. */
                    cursor?: string | null;
                    /** @description 1 to 100; 20 when missing. */
                    limit?: number | null;
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
                        "application/json": components["schemas"]["CasePage"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        /** Reports a case. The same `Idempotency-Key` with the same body answers with the same case. */
        post: {
            parameters: {
                query?: never;
                header: {
                    "Idempotency-Key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ReportBody"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaseView"];
                    };
                };
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/cases/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows a case with its timeline and who was told what. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
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
                        "application/json": components["schemas"]["CaseDetail"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/cases/{id}/acknowledgement": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes the case. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description 1 to 100 visible characters. A repeat with the same body is answered as the first request was,
                     *     for 24 hours; with another body it is refused with `idempotency_key_reused`.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["VersionBody"];
                };
            };
            responses: {
                /** @description The case as it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaseView"];
                    };
                };
                /** @description `unauthenticated`, `token_expired` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `not_found`: not there, or not yours. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `move_not_allowed`, `version_conflict` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `invalid_fields`, `rule_refused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `too_many_requests` */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/cases/{id}/agreement": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Confirms the time of the appointment until which the case rests. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description 1 to 100 visible characters. A repeat with the same body is answered as the first request was,
                     *     for 24 hours; with another body it is refused with `idempotency_key_reused`.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["VersionBody"];
                };
            };
            responses: {
                /** @description The case as it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaseView"];
                    };
                };
                /** @description `unauthenticated`, `token_expired` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `not_found`: not there, or not yours. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `move_not_allowed`, `version_conflict` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `invalid_fields`, `rule_refused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `too_many_requests` */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/cases/{id}/answer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Answers the question that was asked. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description 1 to 100 visible characters. A repeat with the same body is answered as the first request was,
                     *     for 24 hours; with another body it is refused with `idempotency_key_reused`.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["AnswerBody"];
                };
            };
            responses: {
                /** @description The case as it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaseView"];
                    };
                };
                /** @description `unauthenticated`, `token_expired` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `not_found`: not there, or not yours. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `move_not_allowed`, `version_conflict` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `invalid_fields`, `rule_refused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `too_many_requests` */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/cases/{id}/appeal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Objects to a rejection. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description 1 to 100 visible characters. A repeat with the same body is answered as the first request was,
                     *     for 24 hours; with another body it is refused with `idempotency_key_reused`.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ReasonBody"];
                };
            };
            responses: {
                /** @description The case as it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaseView"];
                    };
                };
                /** @description `unauthenticated`, `token_expired` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `not_found`: not there, or not yours. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `move_not_allowed`, `version_conflict` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `invalid_fields`, `rule_refused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `too_many_requests` */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/cases/{id}/assignment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Places a case from triage. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description 1 to 100 visible characters. A repeat with the same body is answered as the first request was,
                     *     for 24 hours; with another body it is refused with `idempotency_key_reused`.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["AssignmentBody"];
                };
            };
            responses: {
                /** @description The case as it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaseView"];
                    };
                };
                /** @description `unauthenticated`, `token_expired` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `not_found`: not there, or not yours. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `move_not_allowed`, `version_conflict` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `invalid_fields`, `rule_refused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `too_many_requests` */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/cases/{id}/cancellation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Withdraws the request. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description 1 to 100 visible characters. A repeat with the same body is answered as the first request was,
                     *     for 24 hours; with another body it is refused with `idempotency_key_reused`.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NoteBody"];
                };
            };
            responses: {
                /** @description The case as it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaseView"];
                    };
                };
                /** @description `unauthenticated`, `token_expired` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `not_found`: not there, or not yours. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `move_not_allowed`, `version_conflict` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `invalid_fields`, `rule_refused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `too_many_requests` */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/cases/{id}/confirmation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Confirms that it is solved. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description 1 to 100 visible characters. A repeat with the same body is answered as the first request was,
                     *     for 24 hours; with another body it is refused with `idempotency_key_reused`.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ConfirmationBody"];
                };
            };
            responses: {
                /** @description The case as it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaseView"];
                    };
                };
                /** @description `unauthenticated`, `token_expired` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `not_found`: not there, or not yours. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `move_not_allowed`, `version_conflict` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `invalid_fields`, `rule_refused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `too_many_requests` */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/cases/{id}/contacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Records a try to reach the resident. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description 1 to 100 visible characters. A repeat with the same body is answered as the first request was,
                     *     for 24 hours; with another body it is refused with `idempotency_key_reused`.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ContactBody"];
                };
            };
            responses: {
                /** @description The case as it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaseView"];
                    };
                };
                /** @description `unauthenticated`, `token_expired` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `not_found`: not there, or not yours. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `move_not_allowed`, `version_conflict` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `invalid_fields`, `rule_refused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `too_many_requests` */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/cases/{id}/diversion": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ends a case that is before a court, an arbitration, a review or the petition office; `reason` tells
         *     the resident where it is decided.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description 1 to 100 visible characters. A repeat with the same body is answered as the first request was,
                     *     for 24 hours; with another body it is refused with `idempotency_key_reused`.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ReasonBody"];
                };
            };
            responses: {
                /** @description The case as it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaseView"];
                    };
                };
                /** @description `unauthenticated`, `token_expired` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `not_found`: not there, or not yours. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `move_not_allowed`, `version_conflict` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `invalid_fields`, `rule_refused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `too_many_requests` */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/cases/{id}/exclusions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a case out of every figure. Nothing changes for those who work on it. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description 1 to 100 visible characters. A repeat with the same body is answered as the first request was,
                     *     for 24 hours; with another body it is refused with `idempotency_key_reused`.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ExclusionBody"];
                };
            };
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        /** Takes it back in; the record keeps both. */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description 1 to 100 visible characters. A repeat with the same body is answered as the first request was,
                     *     for 24 hours; with another body it is refused with `idempotency_key_reused`.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["InclusionBody"];
                };
            };
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/extension": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks for more time, once and before the time is over. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ExtensionBody"];
                };
            };
            responses: {
                /** @description The case as it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaseView"];
                    };
                };
                /** @description `unauthenticated`, `token_expired` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `not_found`: not there, or not yours. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `move_not_allowed`, `version_conflict` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `invalid_fields`, `rule_refused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `too_many_requests` */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/cases/{id}/extension_decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Grants or refuses more time, one level above whoever asked. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ExtensionDecisionBody"];
                };
            };
            responses: {
                /** @description The case as it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaseView"];
                    };
                };
                /** @description `unauthenticated`, `token_expired` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `not_found`: not there, or not yours. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `move_not_allowed`, `version_conflict` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `invalid_fields`, `rule_refused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `too_many_requests` */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/cases/{id}/hold": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lets the case rest until a date. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description 1 to 100 visible characters. A repeat with the same body is answered as the first request was,
                     *     for 24 hours; with another body it is refused with `idempotency_key_reused`.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["HoldBody"];
                };
            };
            responses: {
                /** @description The case as it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaseView"];
                    };
                };
                /** @description `unauthenticated`, `token_expired` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `not_found`: not there, or not yours. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `move_not_allowed`, `version_conflict` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `invalid_fields`, `rule_refused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `too_many_requests` */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/cases/{id}/merge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Joins to another case. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description 1 to 100 visible characters. A repeat with the same body is answered as the first request was,
                     *     for 24 hours; with another body it is refused with `idempotency_key_reused`.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["MergeBody"];
                };
            };
            responses: {
                /** @description The case as it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaseView"];
                    };
                };
                /** @description `unauthenticated`, `token_expired` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `not_found`: not there, or not yours. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `move_not_allowed`, `version_conflict` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `invalid_fields`, `rule_refused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `too_many_requests` */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/cases/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks for a pause that the cadre approves; until then the clock runs. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description 1 to 100 visible characters. A repeat with the same body is answered as the first request was,
                     *     for 24 hours; with another body it is refused with `idempotency_key_reused`.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PauseBody"];
                };
            };
            responses: {
                /** @description The case as it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaseView"];
                    };
                };
                /** @description `unauthenticated`, `token_expired` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `not_found`: not there, or not yours. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `move_not_allowed`, `version_conflict` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `invalid_fields`, `rule_refused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `too_many_requests` */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/cases/{id}/pause_decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Approves or refuses the pause that was asked for; the clock stops with the approval. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description 1 to 100 visible characters. A repeat with the same body is answered as the first request was,
                     *     for 24 hours; with another body it is refused with `idempotency_key_reused`.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PauseDecisionBody"];
                };
            };
            responses: {
                /** @description The case as it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaseView"];
                    };
                };
                /** @description `unauthenticated`, `token_expired` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `not_found`: not there, or not yours. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `move_not_allowed`, `version_conflict` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `invalid_fields`, `rule_refused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `too_many_requests` */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/cases/{id}/phone": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Takes away the number that was left with the speaker's own case, open or not. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
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
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/rating": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Rates result and attitude. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description 1 to 100 visible characters. A repeat with the same body is answered as the first request was,
                     *     for 24 hours; with another body it is refused with `idempotency_key_reused`.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["RatingBody"];
                };
            };
            responses: {
                /** @description The case as it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaseView"];
                    };
                };
                /** @description `unauthenticated`, `token_expired` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `not_found`: not there, or not yours. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `move_not_allowed`, `version_conflict` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `invalid_fields`, `rule_refused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `too_many_requests` */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/cases/{id}/rejection": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Declines with a legal code. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description 1 to 100 visible characters. A repeat with the same body is answered as the first request was,
                     *     for 24 hours; with another body it is refused with `idempotency_key_reused`.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["RejectionBody"];
                };
            };
            responses: {
                /** @description The case as it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaseView"];
                    };
                };
                /** @description `unauthenticated`, `token_expired` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `not_found`: not there, or not yours. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `move_not_allowed`, `version_conflict` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `invalid_fields`, `rule_refused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `too_many_requests` */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/cases/{id}/reminder": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Urges the responsible people. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description 1 to 100 visible characters. A repeat with the same body is answered as the first request was,
                     *     for 24 hours; with another body it is refused with `idempotency_key_reused`.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NoteBody"];
                };
            };
            responses: {
                /** @description The case as it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaseView"];
                    };
                };
                /** @description `unauthenticated`, `token_expired` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `not_found`: not there, or not yours. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `move_not_allowed`, `version_conflict` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `invalid_fields`, `rule_refused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `too_many_requests` */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/cases/{id}/reopening": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says that it is not solved. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description 1 to 100 visible characters. A repeat with the same body is answered as the first request was,
                     *     for 24 hours; with another body it is refused with `idempotency_key_reused`.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ReopeningBody"];
                };
            };
            responses: {
                /** @description The case as it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaseView"];
                    };
                };
                /** @description `unauthenticated`, `token_expired` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `not_found`: not there, or not yours. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `move_not_allowed`, `version_conflict` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `invalid_fields`, `rule_refused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `too_many_requests` */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/cases/{id}/resolution": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Declares the result. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description 1 to 100 visible characters. A repeat with the same body is answered as the first request was,
                     *     for 24 hours; with another body it is refused with `idempotency_key_reused`.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ResolutionBody"];
                };
            };
            responses: {
                /** @description The case as it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaseView"];
                    };
                };
                /** @description `unauthenticated`, `token_expired` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `not_found`: not there, or not yours. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `move_not_allowed`, `version_conflict` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `invalid_fields`, `rule_refused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `too_many_requests` */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/cases/{id}/resumption": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends a pause. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description 1 to 100 visible characters. A repeat with the same body is answered as the first request was,
                     *     for 24 hours; with another body it is refused with `idempotency_key_reused`.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["VersionBody"];
                };
            };
            responses: {
                /** @description The case as it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaseView"];
                    };
                };
                /** @description `unauthenticated`, `token_expired` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `not_found`: not there, or not yours. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `move_not_allowed`, `version_conflict` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `invalid_fields`, `rule_refused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `too_many_requests` */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/cases/{id}/return": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives back what is not for this grid. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description 1 to 100 visible characters. A repeat with the same body is answered as the first request was,
                     *     for 24 hours; with another body it is refused with `idempotency_key_reused`.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ReturnBody"];
                };
            };
            responses: {
                /** @description The case as it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaseView"];
                    };
                };
                /** @description `unauthenticated`, `token_expired` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `not_found`: not there, or not yours. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `move_not_allowed`, `version_conflict` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `invalid_fields`, `rule_refused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `too_many_requests` */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/cases/{id}/supervision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Puts the case under the supervision of street command. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description 1 to 100 visible characters. A repeat with the same body is answered as the first request was,
                     *     for 24 hours; with another body it is refused with `idempotency_key_reused`.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NoteBody"];
                };
            };
            responses: {
                /** @description The case as it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaseView"];
                    };
                };
                /** @description `unauthenticated`, `token_expired` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `not_found`: not there, or not yours. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `move_not_allowed`, `version_conflict` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `invalid_fields`, `rule_refused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `too_many_requests` */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/cases/{id}/transfer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Hands over to another grid. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description 1 to 100 visible characters. A repeat with the same body is answered as the first request was,
                     *     for 24 hours; with another body it is refused with `idempotency_key_reused`.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["GridBody"];
                };
            };
            responses: {
                /** @description The case as it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaseView"];
                    };
                };
                /** @description `unauthenticated`, `token_expired` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `not_found`: not there, or not yours. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `move_not_allowed`, `version_conflict` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `invalid_fields`, `rule_refused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `too_many_requests` */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/cases/{id}/updates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Adds progress, or what the resident has to add. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description 1 to 100 visible characters. A repeat with the same body is answered as the first request was,
                     *     for 24 hours; with another body it is refused with `idempotency_key_reused`.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["UpdateBody"];
                };
            };
            responses: {
                /** @description The case as it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaseView"];
                    };
                };
                /** @description `unauthenticated`, `token_expired` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `not_found`: not there, or not yours. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `move_not_allowed`, `version_conflict` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `invalid_fields`, `rule_refused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `too_many_requests` */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/cases/{id}/verification": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Accepts the result after a callback; the verifier says whom he reached and how. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description 1 to 100 visible characters. A repeat with the same body is answered as the first request was,
                     *     for 24 hours; with another body it is refused with `idempotency_key_reused`.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ContactBody"];
                };
            };
            responses: {
                /** @description The case as it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaseView"];
                    };
                };
                /** @description `unauthenticated`, `token_expired` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `not_found`: not there, or not yours. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `move_not_allowed`, `version_conflict` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `invalid_fields`, `rule_refused` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description `too_many_requests` */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/chains": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows the chains in force and every version. */
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
                        "application/json": components["schemas"]["ChainsView"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        /** Adds a version; it waits until another administrator confirms it. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ChainsBody"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ChainVersionView"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/chains/{id}/confirmation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Confirms a version that somebody else made; every process uses it within two seconds. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Number of the version */
                    id: number;
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
                        "application/json": components["schemas"]["ChainVersionView"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/compounds/{id}/code-sheet": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Prints the codes of all buildings of a compound on A4 pages; codes that are missing are made. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
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
                        "application/pdf": unknown;
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/drills": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Starts a drill: everybody who answers for something gets a message marked 【演练】. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["StartDrill"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Drill"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description conflict: one began less than half an hour ago */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/drills/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says whom a drill reached, grid by grid. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
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
                        "application/json": components["schemas"]["Drill"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/dues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists open cases by when their result is due, within this person's scope. */
        get: {
            parameters: {
                query: {
                    /** @description `overdue` or `soon`. */
                    which: string;
                    /** @description With `soon`: how far ahead, 1 to 86400; a day when missing. */
                    within_minutes?: number;
                    /** @description Id of a small or large grid. */
                    grid?: string;
                    /** @description Staff number of whoever took the cases, or `me`; not together with `grid`. */
                    person?: string;
                    /** @description From `next` of the page before. */
                    cursor?: string;
                    /** @description 1 to 100; 20 when missing. */
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
                        "application/json": components["schemas"]["DuesPage"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/grids": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the small grids of a community. */
        get: {
            parameters: {
                query?: {
                    /** @description Code of a community; those in which the speaker serves when missing, or else all. */
                    community?: string;
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
                        "application/json": components["schemas"]["GridList"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/grids/coverage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether every household, building, shop and door number finds its own grid by its address. */
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
                        "application/json": components["schemas"]["CoverageView"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/holds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Lets every case that is at work rest for the weather, in the street or in one grid. Asked again it
         *     takes those that are left.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["HoldsBody"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["HoldsView"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/inbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists what this person was told, newest first. */
        get: {
            parameters: {
                query?: {
                    /** @description `next` of the page before. */
                    cursor?: string;
                    /** @description 1 to 100; 20 when absent. */
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
                        "application/json": components["schemas"]["InboxPage"];
                    };
                };
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/inbox/{id}/reading": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Notes that an entry was read; repeating it changes nothing. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
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
                        "application/json": components["schemas"]["InboxEntry"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/leaves": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the leaves that the speaker may enter and take back. */
        get: {
            parameters: {
                query?: {
                    /** @description Of one person; of everybody whose leaves the speaker may enter when absent. */
                    staff?: components["schemas"]["StaffId"];
                    /** @description RFC 3339: leaves that end later; now when absent. */
                    from?: string;
                    /** @description RFC 3339: leaves that begin earlier; however far ahead when absent. */
                    to?: string;
                    /** @description `next` of the page before. */
                    cursor?: string;
                    /** @description 1 to 100; 20 when absent. */
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
                        "application/json": components["schemas"]["LeavePage"];
                    };
                };
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        /** Enters a leave; the answer says at once what nobody covers because of it. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description 1 to 100 visible characters. A repeat with the same body is answered as the first request was,
                     *     for 24 hours; with another body it is refused with `idempotency_key_reused`.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["EnterLeave"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["LeaveOut"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description conflict: away then already */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/leaves/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Takes a leave back. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
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
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Opens the live connection. The first message is `{"token": "…", "after": 123}`, within five
         *     seconds; `after` is the last event seen, to get what was missed. docs/API.md has the rest.
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
                /** @description WebSocket */
                101: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                426: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/my/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the speaker's own channels. */
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
                        "application/json": components["schemas"]["Channels"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        /** Sets the order in which the speaker wants to be told. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ChannelOrder"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Channels"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description invalid_fields */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/my/channels/oa_template/code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes a code of the official account: who scans it with the speaker's own WeChat follows, and is
         *     told through the account from then on. It voids the last one.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FollowCodeOut"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description wechat_unreachable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/my/channels/{channel}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends the speaker a test message through one of his channels. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description word of a channel */
                    channel: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description on its way; read the list again */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Channels"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description rule_refused: the channel does not lead to him */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/my/consents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists what the speaker still allows, template by template. */
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
                        "application/json": components["schemas"]["Consents"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/my/data": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows what is stored about the speaker. */
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
                        "application/json": components["schemas"]["MyDataOut"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        /**
         * Corrects how the speaker is called and where he lives; the phone is verified by WeChat
         *     (`POST /api/v1/account/phone`).
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["CorrectBody"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MyDataOut"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description invalid_fields */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        post?: never;
        /** Erases everything about the speaker and ends his sessions. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["EraseBody"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErasedOut"];
                    };
                };
                /** @description also when it was erased before */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description invalid_fields: the word is missing; rule_refused: `case_open` or `staff` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/my/data/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Writes everything about the speaker as one JSON document. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description account, cases, photos, voices, consents, privacy, sessions, looks */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": unknown;
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/my/data/looks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists who looked at the speaker's cases, newest first. Whoever reads a page again within half an
         *     hour still looks; the export has every time.
         */
        get: {
            parameters: {
                query?: {
                    /** @description `next` of the page before. */
                    cursor?: string;
                    /** @description 1 to 100; 20 when absent. */
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
                        "application/json": components["schemas"]["LookPage"];
                    };
                };
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/my/data/phone": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Forgets the verified phone of the speaker. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
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
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/my/duty": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says whether the speaker has a shift now and signed on for it. */
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
                        "application/json": components["schemas"]["MyDutyOut"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        /** Signs the speaker on or off; doing it again changes nothing. */
        put: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description 1 to 100 visible characters. A repeat with the same body is answered as the first request was,
                     *     for 24 hours; with another body it is refused with `idempotency_key_reused`.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SignDuty"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MyDutyOut"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description rule_refused: no_shift, or open_urgent until it is confirmed */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/my/grid": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Says who the grid worker, the backup and the cadre of the speaker are, with office phones, and
         *     whether each is on duty now or when next. His home decides, or his own requests.
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
                        "application/json": components["schemas"]["MyGridView"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        /** Says the same of who answers for another place. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["GridOfAddress"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MyGridView"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/my/privacy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows which version of the privacy policy the speaker agreed to. */
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
                        "application/json": components["schemas"]["PrivacyOut"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        /** Notes that the speaker agreed to the version in force; agreeing again keeps the first time. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["AgreeBody"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PrivacyOut"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description conflict: another version is in force */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description invalid_fields */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        post?: never;
        /** Takes the agreement back and deletes what rested on it. */
        delete: {
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
                        "application/json": components["schemas"]["PrivacyOut"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/pauses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the pauses that wait for this cadre; empty for everybody else. */
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
                        "application/json": components["schemas"]["WaitingPauses"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/photos": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Uploads one picture: as the field `file` of a form, as the mini-program sends it, or as the body
         *     itself.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "multipart/form-data": number[];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PhotoView"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/photos/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads a photo as JPEG. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
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
                        "image/jpeg": unknown;
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/readiness": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists who is not reached by two working channels, with what each should do. */
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
                        "application/json": components["schemas"]["Readiness"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/readiness/gaps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the hours of the next days in which nobody of a grid or of a desk of the street is reached by two channels. */
        get: {
            parameters: {
                query?: {
                    /** @description 1 to 31; 14 when absent. */
                    days?: number;
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
                        "application/json": components["schemas"]["Gaps"];
                    };
                };
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/roster": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows who is on duty in each grid, day by day. */
        get: {
            parameters: {
                query: {
                    /** @description First day, `2026-11-26`. */
                    from: string;
                    /** @description Last day; at most 7 days, 31 with a grid. */
                    to: string;
                    /** @description Id of one grid. */
                    grid?: string;
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
                        "application/json": components["schemas"]["RosterOut"];
                    };
                };
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/roster/week": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows who is there at which hours in the speaker's grids or community, with leaves, substitutes,
         *     swaps and gaps.
         */
        get: {
            parameters: {
                query?: {
                    /** @description First day, `2026-11-26`; today when absent. */
                    from?: string;
                    /** @description Id of one grid; all of the speaker's when absent. */
                    grid?: string;
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
                        "application/json": components["schemas"]["WeekOut"];
                    };
                };
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/shifts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the shifts that count now. */
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
                        "application/json": components["schemas"]["Shifts"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/shifts/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Defines a shift, or gives one its next version. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description as the duties name it */
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SetShift"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ShiftOut"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/staff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists staff in office. */
        get: {
            parameters: {
                query?: {
                    /** @description Only who is responsible for this grid now. */
                    grid?: string;
                    /** @description `next` of the page before. */
                    after?: number;
                    /** @description 1 to 200; 50 when absent. */
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
                        "application/json": components["schemas"]["StaffPage"];
                    };
                };
                /** @description unauthenticated, token_expired */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description not_found: no such grid */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        /** Adds a member of staff. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["AddStaff"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["StaffDetail"];
                    };
                };
                /** @description unauthenticated, token_expired */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description invalid_fields, rule_refused */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/staff/binding": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Binds the speaker's WeChat to a member of staff. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Bind"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["StaffDetail"];
                    };
                };
                /** @description unauthenticated, token_expired */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description conflict: account or person is bound */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description binding_code_refused, invalid_fields */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description too_many_requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/staff/{id}/binding": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Takes the WeChat account from a member of staff. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description the member of staff */
                    id: components["schemas"]["StaffId"];
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
                /** @description unauthenticated, token_expired */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description not_found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description conflict: not bound */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/staff/{id}/binding-code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Issues the one-time code by which a member of staff binds his WeChat. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description the member of staff */
                    id: components["schemas"]["StaffId"];
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["BindingCode"];
                    };
                };
                /** @description unauthenticated, token_expired */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description not_found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description conflict: bound already */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/staff/{id}/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the channels of a member of staff, for the system administrator. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description the member of staff */
                    id: components["schemas"]["StaffId"];
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
                        "application/json": components["schemas"]["Channels"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/street": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows the street's name, telephones and privacy policy. */
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
                        "application/json": components["schemas"]["StreetOut"];
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
    "/api/v1/swaps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the swaps that concern the speaker, and the colleagues he may ask. */
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
                        "application/json": components["schemas"]["Swaps"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        /** Asks a colleague to take over a shift; the answer says what nobody would cover. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description 1 to 100 visible characters. A repeat with the same body is answered as the first request was,
                     *     for 24 hours; with another body it is refused with `idempotency_key_reused`.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["AskSwap"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SwapOut"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description conflict: asked already */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/swaps/{id}/acceptance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The colleague agrees. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description 1 to 100 visible characters. A repeat with the same body is answered as the first request was,
                     *     for 24 hours; with another body it is refused with `idempotency_key_reused`.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
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
                        "application/json": components["schemas"]["SwapOut"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/swaps/{id}/approval": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The community's cadre approves; the roster has the substitutions. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description 1 to 100 visible characters. A repeat with the same body is answered as the first request was,
                     *     for 24 hours; with another body it is refused with `idempotency_key_reused`.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
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
                        "application/json": components["schemas"]["SwapOut"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/swaps/{id}/refusal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The colleague declines, or the community's cadre refuses. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description 1 to 100 visible characters. A repeat with the same body is answered as the first request was,
                     *     for 24 hours; with another body it is refused with `idempotency_key_reused`.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
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
                        "application/json": components["schemas"]["SwapOut"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/swaps/{id}/withdrawal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Whoever asked takes it back; once it is in force the community's cadre can. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description 1 to 100 visible characters. A repeat with the same body is answered as the first request was,
                     *     for 24 hours; with another body it is refused with `idempotency_key_reused`.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
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
                        "application/json": components["schemas"]["SwapOut"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/targets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows the targets in force and every version. */
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
                        "application/json": components["schemas"]["TargetsView"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
            };
        };
        put?: never;
        /** Adds a version; it waits until another administrator confirms it. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["TargetsBody"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TargetVersionView"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/targets/{id}/confirmation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Confirms a version that somebody else made; new cases are promised by it within two seconds. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Number of the version */
                    id: number;
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
                        "application/json": components["schemas"]["TargetVersionView"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/triage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists what waits to be placed by hand, within this person's scope. */
        get: {
            parameters: {
                query?: {
                    /** @description One state, or several separated by commas (`assigned,acknowledged`); one list, newest first. */
                    state?: string | null;
                    /** @description Id of a small or large grid. */
                    grid?: string | null;
                    /** @description Only open cases past their promised time. */
                    overdue?: boolean | null;
                    /** @description Words in the text, or the number. */
                    q?: string | null;
                    /**
                     * @description Only what the speaker reported, for himself or for somebody else; `false`: only what his office
                     *     concerns him with. Both when missing.
                     */
                    reported_by_me?: boolean | null;
                    /**
                     * @description What the speaker reported and what waits for his answer comes first: a result to confirm, a
                     *     question, papers to bring, an appointment to confirm.
                     */
                    waiting_first?: boolean | null;
                    /**
                     * @description Only cases whose result the speaker declared at this instant (RFC 3339) or later, and where it
                     *     still stands; of whoever is no member of staff none.
                     */
                    finished_since?: string | null;
                    /** @description From `next` of the page before, which was asked in the same way. */
                    cursor?: string | null;
                    /** @description 1 to 100; 20 when missing. */
                    limit?: number | null;
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
                        "application/json": components["schemas"]["CasePage"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/voices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Uploads one recording (mp3, aac, m4a, wav): as the field `file` of a form, or as the body itself. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "multipart/form-data": number[];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["VoiceView"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                /** @description unsupported_voice */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/api/v1/voices/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Plays a recording, whole or the range that is asked for. */
        get: {
            parameters: {
                query?: never;
                header?: {
                    Range?: string | null;
                };
                path: {
                    id: number;
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
                        "audio/mpeg": unknown;
                    };
                };
                206: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "audio/mpeg": unknown;
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
                    };
                };
                416: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Answers as long as the process runs; touches nothing. */
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
                        "application/json": components["schemas"]["Alive"];
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
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Writes the metrics in Prometheus' text format. */
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
                        "text/plain": unknown;
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
    "/open311/v2/discovery.{format}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says where what is, for programs that know nothing but this address. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description `json` or `xml` */
                    format: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Service discovery of Open311 */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": unknown;
                    };
                };
                /** @description It is switched off */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Errors of Open311 */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
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
    "/open311/v2/requests.{format}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists requests, the latest first: the last 90 days unless a period is named, at most 1,000. */
        get: {
            parameters: {
                query?: {
                    /** @description Numbers separated by commas; then nothing else is looked at. */
                    service_request_id?: string;
                    /** @description Codes separated by commas. */
                    service_code?: string;
                    /** @description Earliest `requested_datetime`: RFC 3339 or a date at +08:00. */
                    start_date?: string;
                    /** @description Latest `requested_datetime`; at most 90 days after `start_date`. */
                    end_date?: string;
                    /** @description `open`, `closed` or both separated by a comma. */
                    status?: string;
                };
                header?: never;
                path: {
                    /** @description `json` or `xml` */
                    format: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Service requests of GeoReport v2 */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": unknown;
                    };
                };
                /** @description Errors of Open311 */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description It is switched off */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Errors of Open311 */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
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
    "/open311/v2/requests/{id}.{format}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows one request by its number. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                    /** @description `json` or `xml` */
                    format: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A list of one service request */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": unknown;
                    };
                };
                /** @description Errors of Open311 */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Errors of Open311 */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
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
    "/open311/v2/services.{format}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the kinds of requests that are shown. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description `json` or `xml` */
                    format: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Services of GeoReport v2 */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": unknown;
                    };
                };
                /** @description It is switched off */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Errors of Open311 */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
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
    "/open311/v2/services/{code}.{format}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says what a kind of request asks beyond the usual: nothing, for none can be sent here. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    code: string;
                    /** @description `json` or `xml` */
                    format: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A service definition of GeoReport v2 */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": unknown;
                    };
                };
                /** @description Errors of Open311 */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Errors of Open311 */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
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
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Answers whether requests can be served: the database works and no due job waits too long. */
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
                        "application/json": components["schemas"]["Ready"];
                    };
                };
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProblemBody"];
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
        /**
         * Format: int64
         * @description One login: a resident's WeChat account, or a console account.
         */
        AccountId: number;
        /** @description An account. */
        AccountOut: {
            id: components["schemas"]["AccountId"];
        };
        /**
         * @description In which capacity somebody took an edge of the state machine. `resident` 居民; `grid_worker_primary` 网格员; `grid_worker_backup` 替班网格员; `cadre` 社区干部; `secretary` 社区书记; `triage_desk` 分拣员; `command` 街道指挥中心; `verifier` 核查员; `auditor` 督查审计; `admin` 管理员; `system` 系统
         * @enum {string}
         */
        ActorRole: "resident" | "grid_worker_primary" | "grid_worker_backup" | "cadre" | "secretary" | "triage_desk" | "command" | "verifier" | "auditor" | "admin" | "system";
        /** @description A new member of staff. */
        AddStaff: {
            duties?: components["schemas"]["DutyIn"][];
            /** @description Mobile for text messages, where nothing else leads to him; no answer shows it. */
            mobile?: string | null;
            name: string;
            /** @description The only phone that residents see. */
            office_phone: string;
            staff_no: string;
            street_roles?: components["schemas"]["StreetRole"][];
            /** @description His userid at WeCom, for cards; not shown again. */
            wecom_userid?: string | null;
        };
        /** @description The version that was read and agreed to. */
        AgreeBody: {
            version: string;
        };
        /** @description A version of the privacy policy that somebody agreed to. */
        AgreedOut: {
            at: string;
            version: string;
        };
        /**
         * @description What kind of place a learned name means. `compound` 小区; `building` 楼栋; `poi` 地点; `shop` 店铺; `village` 村; `road` 道路
         * @enum {string}
         */
        AliasKind: "compound" | "building" | "poi" | "shop" | "village" | "road";
        /** @description A page of names. */
        AliasPage: {
            aliases: components["schemas"]["AliasView"][];
            /**
             * Format: int64
             * @description Pass as `cursor` to go on; missing at the end.
             */
            next?: number | null;
        };
        /**
         * @description Where a learned name stands. `proposed` 待确认; `approved` 已采用; `rejected` 不采用
         * @enum {string}
         */
        AliasState: "proposed" | "approved" | "rejected";
        /** @description A name that residents use. */
        AliasView: {
            /** @description Ids of the cases that confirm it. */
            cases: number[];
            /**
             * Format: int32
             * @description Different residents who used it for this place.
             */
            confirmations: number;
            /** Format: int64 */
            id: number;
            kind: components["schemas"]["AliasKind"];
            kind_zh: string;
            state: components["schemas"]["AliasState"];
            state_zh: string;
            /** @description Id of the place in the delivered files; of a village or road the name. */
            target: string;
            /**
             * Format: int32
             * @description Corrected texts that have the word.
             */
            uses: number;
            /** @description Until when an approval counts; then the name is out of use until it is approved again. */
            valid_until?: string | null;
            word: string;
        };
        /** @description The process lives. */
        Alive: {
            status: string;
            version: string;
        };
        /** @description The answer to the question that was asked: a tapped grid, or words. */
        AnswerBody: {
            /** Format: int32 */
            expected_version: number;
            grid?: string | null;
            text?: string | null;
        };
        /** @description Which of my shifts for which of yours. */
        AskSwap: {
            colleague: components["schemas"]["StaffId"];
            /** @description Day of the shift that he is to take over, `2026-11-27`; a night belongs to the evening. */
            mine: string;
            /** @description Day of his shift that the speaker takes over in return; for nothing when absent. */
            theirs?: string | null;
        };
        /** @description A question to the resident and the answers he can tap. */
        Asked: {
            answers: components["schemas"]["Choice"][];
            text: string;
        };
        /** @description To a grid, and if it is known to the place itself. */
        AssignmentBody: {
            /** Format: int32 */
            expected_version: number;
            /** @description Id of a small grid, e.g. `G00101`. */
            grid: string;
            place?: components["schemas"]["PlaceBody"] | null;
            reason: string;
        };
        /** @description A case that was merged into this one, as whoever handles this one reads it. */
        BehindView: {
            address?: string | null;
            /** @description Whom to call about it. */
            contact_phone?: string | null;
            /** Format: int64 */
            id: number;
            number: string;
            on_behalf_of?: components["schemas"]["OnBehalf"] | null;
            reported_at: string;
            text: string;
        };
        /** @description The code a member of staff was handed. */
        Bind: {
            code: string;
        };
        /** @description A one-time code, shown once. */
        BindingCode: {
            code: string;
            expires_at: string;
        };
        /** @description What cannot be looked for yet. */
        BlindView: {
            name: string;
            why: string;
        };
        /** @description A notice. */
        BulletinOut: {
            /** @description Sub-resources that the speaker may post to now. */
            allowed: string[];
            /** @description For staff: the second person. */
            approver?: string | null;
            /** @description For staff: who wrote it. */
            author?: string | null;
            created_at: string;
            from: string;
            grids: components["schemas"]["GridOut"][];
            /** Format: int64 */
            id: number;
            /** @description Whose notice it is: a community, or the street. */
            issuer: string;
            /** @description Read them with `GET /api/v1/photos/{id}`. */
            photos: components["schemas"]["PhotoId"][];
            published_at?: string | null;
            reach?: components["schemas"]["ReachOut"] | null;
            read_at?: string | null;
            state: components["schemas"]["BulletinState"];
            state_zh: string;
            text: string;
            title: string;
            until: string;
            urgent: boolean;
            whole_street: boolean;
            withdrawn_at?: string | null;
        };
        /** @description A page, newest first. */
        BulletinPage: {
            bulletins: components["schemas"]["BulletinOut"][];
            /** @description Pass as `cursor` to go on; missing at the end. */
            next?: string | null;
            /**
             * Format: int64
             * @description How many of those shown now the speaker has not read.
             */
            unread: number;
        };
        /**
         * @description Where a notice of the street stands. `draft` 待审核; `published` 已发布; `withdrawn` 已撤回
         * @enum {string}
         */
        BulletinState: "draft" | "published" | "withdrawn";
        /** @description The notice of a year. */
        CalendarBody: {
            /**
             * @description Lines of `table,date,rest|work,festival` under one heading line; `table` is the year of the
             *     notice.
             */
            table: string;
        };
        /** @description One import. */
        CalendarVersionView: components["schemas"]["VersionView"] & {
            years: components["schemas"]["YearView"][];
        };
        /** @description What counts and what was. */
        CalendarView: {
            /**
             * Format: int32
             * @description 0: what was delivered with the program.
             */
            version: number;
            /** @description Newest first. */
            versions: components["schemas"]["CalendarVersionView"][];
            /** @description The notices in force; a due time that leads beyond them is provisional. */
            years: components["schemas"]["YearView"][];
        };
        /** @description A grid and its probability. */
        CandidateView: {
            grid: components["schemas"]["GridView"];
            /** Format: double */
            p: number;
            position?: components["schemas"]["PositionView"] | null;
        };
        /**
         * @description How late a case is (domain §4.1): half of its time is used, or all of it. `yellow` 黄牌; `red` 红牌
         * @enum {string}
         */
        Card: "yellow" | "red";
        /** @description A case with its timeline. */
        CaseDetail: components["schemas"]["CaseView"] & {
            /** @description Those that were merged into it, in full, for whoever handles it; empty for everybody else. */
            behind: components["schemas"]["BehindView"][];
            /** @description Grids that may be meant, best first, for those who place it; empty outside triage. */
            candidates: components["schemas"]["CandidateView"][];
            /**
             * Format: int32
             * @description Version of the escalation chains that the case was started with and keeps.
             */
            chain_version: number;
            lead?: components["schemas"]["LeadView"] | null;
            notices: components["schemas"]["NoticeView"][];
            on_behalf_of?: components["schemas"]["OnBehalf"] | null;
            /**
             * @description `contact_phone` was left with this request and can be taken away here; otherwise it is the
             *     verified one of the account.
             */
            phone_kept_here: boolean;
            photos: number[];
            position?: components["schemas"]["PositionView"] | null;
            /** @description The phone of whoever reported it rings when he is written to: he agreed to one more message. */
            resident_hears: boolean;
            rest?: components["schemas"]["RestView"] | null;
            timeline: components["schemas"]["EventView"][];
            voices: components["schemas"]["VoiceView"][];
        };
        /**
         * Format: int64
         * @description A case (工单), the subject of everything.
         */
        CaseId: number;
        /** @description A page. */
        CasePage: {
            cases: components["schemas"]["CaseView"][];
            /** @description Pass as `cursor` to go on; missing at the end. */
            next?: string | null;
        };
        /**
         * @description The state of a help request (domain §4.1). `submitted` 已提交; `triage` 待分拣; `assigned` 已派单; `acknowledged` 已签收; `in_progress` 处理中; `on_hold` 挂起; `resolved` 已处置待确认; `closed` 已办结; `rejected` 不予受理; `merged` 已并案; `cancelled` 已撤回
         * @enum {string}
         */
        CaseState: "submitted" | "triage" | "assigned" | "acknowledged" | "in_progress" | "on_hold" | "resolved" | "closed" | "rejected" | "merged" | "cancelled";
        /** @description A case. */
        CaseView: {
            acknowledged_at?: string | null;
            address?: string | null;
            /** @description Sub-resources that this person may post to now. */
            allowed: string[];
            assigned_at?: string | null;
            /** @description The speaker reported it, and it waits for his answer. */
            awaits_you: boolean;
            card?: components["schemas"]["Card"] | null;
            card_zh?: string | null;
            category: components["schemas"]["Category"];
            category_zh: string;
            closed_at?: string | null;
            /**
             * @description When it closes as unrated if nobody confirms the result or asks for more; only while it waits
             *     for that.
             */
            closes_at?: string | null;
            contact_phone?: string | null;
            contacted_at?: string | null;
            /** @description Call these first. */
            emergency: components["schemas"]["HotlineView"][];
            extension?: components["schemas"]["ExtensionView"] | null;
            first_push_at?: string | null;
            grid: components["schemas"]["GridsView"];
            /** @description While it rests: when work goes on. */
            held_until?: string | null;
            /** Format: int64 */
            id: number;
            /** @description `NC-20261123-00042` */
            number: string;
            overdue: boolean;
            /** @description While it rests for papers: when the resident last added something. */
            papers_added_at?: string | null;
            pause?: components["schemas"]["PauseView"] | null;
            /** @description Why this grid. */
            place_reason: string;
            promised: components["schemas"]["PromisedView"];
            rejection?: components["schemas"]["RejectionCode"] | null;
            /** @description When it came back last. */
            reopened_at?: string | null;
            /**
             * Format: int32
             * @description How often it came back because it was not solved.
             */
            reopens: number;
            reported_at: string;
            /** @description The speaker reported it, for himself or for somebody else. */
            reported_by_you: boolean;
            resolved_at?: string | null;
            responsible: components["schemas"]["ResponsibleView"][];
            result_type?: components["schemas"]["ResultType"] | null;
            state: components["schemas"]["CaseState"];
            /** @description In the words of whoever reads it: plain ones for the resident. */
            state_zh: string;
            text: string;
            triage?: components["schemas"]["TriageView"] | null;
            urgency: components["schemas"]["Urgency"];
            /**
             * Format: int32
             * @description Name it as `expected_version` with every change.
             */
            version: number;
        };
        /**
         * @description What a case is about; each belongs to one of the ten modules (domain §8). `utilities` 水电气暖; `housing` 房屋维修、电梯、楼道; `sanitation` 垃圾、污水、环境卫生; `road_facilities` 路灯、井盖、道路、占道; `safety_hazard` 消防、燃气、施工、安全隐患; `neighbour_dispute` 邻里纠纷、噪音、宠物; `public_order` 治安、可疑情况; `elderly_care` 老人、残疾人、困难帮扶; `health` 就医、用药、防疫、计生; `employment_business` 用工、经营困难、企业诉求; `certificates_policy` 证明、办事、政策咨询; `party_service` 党员服务、志愿者; `staff_conduct` 对工作人员的投诉; `fees_subsidies` 补贴、收费; `other` 其他
         * @enum {string}
         */
        Category: "utilities" | "housing" | "sanitation" | "road_facilities" | "safety_hazard" | "neighbour_dispute" | "public_order" | "elderly_care" | "health" | "employment_business" | "certificates_policy" | "party_service" | "staff_conduct" | "fees_subsidies" | "other";
        /**
         * @description Who made a version of the escalation chains. `configuration` 配置; `command_line` 命令行; `console` 控制台
         * @enum {string}
         */
        ChainSource: "configuration" | "command_line" | "console";
        /** @description One version of the chains. */
        ChainVersionView: components["schemas"]["VersionView"] & {
            /**
             * @description `urgent`, `fast`, `normal`, `triage`, `triage_urgent`; each with `profile`, `steps`,
             *     `repeat` and `grace` (seconds of the profile).
             */
            chains: Record<string, never>;
            /** @description New cases start with it now. */
            in_force: boolean;
            /** @description New cases start with it from then on, once it is confirmed. */
            valid_from: string;
        };
        /** @description A version of all chains. */
        ChainsBody: {
            /** @description As `chains` of a version is shown; its numbers are given by the server. */
            chains: Record<string, never>;
            /** @description RFC 3339; now when missing or past. */
            valid_from?: string | null;
        };
        /** @description What counts and what was. */
        ChainsView: {
            /** @description The chains in force. */
            chains: Record<string, never>;
            /**
             * Format: int64
             * @description Number of the version in force; missing while only the configuration counts.
             */
            in_force?: number | null;
            /** @description Newest first. */
            versions: components["schemas"]["ChainVersionView"][];
        };
        /**
         * @description How a message leaves the house. `wecom_card` 企业微信; `employee` 微信用工消息; `oa_template` 微信服务号; `mini_subscribe` 小程序通知; `sms` 短信; `inbox` 小程序里的消息
         * @enum {string}
         */
        Channel: "wecom_card" | "employee" | "oa_template" | "mini_subscribe" | "sms" | "inbox";
        /** @description The order in which somebody wants to be told. */
        ChannelOrder: {
            /** @description Best first; channels that are missing here come after these. Empty: the usual order. */
            order: components["schemas"]["Channel"][];
        };
        /** @description One channel of one person. */
        ChannelOut: {
            /** @description What he should do about it, in Chinese. */
            advice?: string | null;
            channel: components["schemas"]["Channel"];
            channel_zh: string;
            failed_at?: string | null;
            failed_reason_zh?: string | null;
            /**
             * Format: int32
             * @description Where he put it, from 1; `null` when he said nothing about it.
             */
            position?: number | null;
            /** @description When a test message last went through. */
            proven_at?: string | null;
            state: components["schemas"]["WayState"];
            state_zh: string;
        };
        /** @description The channels of one person, in the order in which they are tried. */
        Channels: {
            channels: components["schemas"]["ChannelOut"][];
        };
        /** @description One thing he answers for. */
        ChargeOut: {
            grid: components["schemas"]["GridOut"];
            role: string;
            role_zh: string;
        };
        /** @description How many places of a kind were checked. */
        CheckedView: {
            /** @description `household`, `building`, `shop` or `door_number`. */
            kind: string;
            places: number;
        };
        /** @description One sealed day. What is signed is described in docs/LEDGER.md. */
        CheckpointView: {
            /**
             * Format: int64
             * @description Entries that it seals.
             */
            count: number;
            day: string;
            /** @description Hex of the checkpoint before it. */
            prev: string;
            /** @description Hex of the root over all cases. */
            root: string;
            sealed_at: string;
            /** @description Hex of the signature. */
            signature: string;
        };
        /** @description Checkpoints, the first day first; at most 400. */
        CheckpointsView: {
            checkpoints: components["schemas"]["CheckpointView"][];
            /** @description The public key that verifies the signatures: Ed25519, PEM. */
            public_key: string;
        };
        /** @description An answer he can tap. */
        Choice: {
            /** @description Id of the small grid that this answer leads to. */
            grid: string;
            label: string;
        };
        /** @description The code of a building. */
        CodeView: {
            /** @description Id of the building in the delivered files. */
            building: string;
            /** @description Where the image is read. */
            image: string;
            name: string;
            /** @description What a scan brings; send it as `building_code` of a new case. */
            scene: string;
        };
        /** @description Somebody who may be asked. */
        ColleagueOut: {
            grids: components["schemas"]["GridOut"][];
            name: string;
            staff: components["schemas"]["StaffId"];
        };
        /** @description The community and where it is called. */
        CommunityView: {
            id: string;
            name: string;
            /** @description Of its secretary, or else of its cadre. */
            office_phone?: string | null;
        };
        /** @description It is solved; with or without marks. */
        ConfirmationBody: {
            /** Format: int32 */
            attitude?: number | null;
            comment?: string;
            /** Format: int32 */
            expected_version: number;
            /** Format: int32 */
            result?: number | null;
        };
        /** @description One template of the mini-program. */
        ConsentOut: {
            /** @description He allowed some before: when there are none, they were used up or taken back. */
            before: boolean;
            /**
             * Format: int32
             * @description Messages that are still allowed; of a long-term template 1 or 0.
             */
            credits: number;
            /** @description A standing yes: it is not used up. */
            long_term: boolean;
            purpose_zh: string;
            /** @description Ask with the next tap. */
            renew: boolean;
            /** @description It tells a member of staff of his work, not of his own requests. */
            staff: boolean;
            /** @description Pass to `wx.requestSubscribeMessage`, long-term ones and others in calls of their own. */
            template_id: string;
        };
        /** @description What the speaker still allows of subscribe messages. */
        Consents: {
            consents: components["schemas"]["ConsentOut"][];
        };
        /** @description Name, password, and the code of the second factor once it is asked for. */
        ConsoleSignIn: {
            code?: string | null;
            name: string;
            password: string;
        };
        /** @description A try to reach the resident. */
        ContactBody: {
            /** Format: int32 */
            expected_version: number;
            method: components["schemas"]["ContactMethod"];
            note?: string;
            outcome: components["schemas"]["ContactOutcome"];
        };
        /**
         * @description How a resident was contacted. `phone` 电话; `visit` 上门; `message` 消息
         * @enum {string}
         */
        ContactMethod: "phone" | "visit" | "message";
        /**
         * @description What came of a try to reach the resident. `reached` 已联系上; `no_answer` 无人接听; `nobody_home` 没人在家; `wrong_number` 号码有误; `left_message` 已留言
         * @enum {string}
         */
        ContactOutcome: "reached" | "no_answer" | "nobody_home" | "wrong_number" | "left_message";
        /** @description What the speaker says of himself; what is missing or empty is removed. */
        CorrectBody: {
            home?: string | null;
            name?: string | null;
        };
        /** @description The proof. */
        CoverageView: {
            checked: components["schemas"]["CheckedView"][];
            /** @description At most 500. A text with such an address alone can only lead to a question. */
            shared: components["schemas"]["SharedView"][];
            shared_total: number;
            stray_total: number;
            /** @description At most 500. */
            strays: components["schemas"]["StrayView"][];
        };
        /** @description What is stored for one purpose, in Chinese. */
        DataGroup: {
            items: components["schemas"]["DataItem"][];
            /** @description How long it is kept. */
            kept: string;
            /** @description `account`, `home`, `cases`, `numbers`, `photos`, `voices`, `consents`, `privacy`, `sessions`; more may come. */
            key: string;
            /** @description What it is used for. */
            purpose: string;
            title: string;
        };
        /** @description One thing that is stored. */
        DataItem: {
            label: string;
            value: string;
        };
        /**
         * @description The coordinate system of a position. `gcj02` 国测局坐标; `wgs84` GPS坐标; `bd09` 百度坐标
         * @enum {string}
         */
        Datum: "gcj02" | "wgs84" | "bd09";
        /** @description A day that a notice names. */
        DayView: {
            /** @description `2026-10-10` */
            date: string;
            festival: string;
            /** @description A weekend on which offices work; otherwise a day of rest. */
            works: boolean;
        };
        /** @description What every figure means. */
        DefinitionsView: {
            figures: Record<string, never>[];
            /** @description What cannot be computed yet, and why. */
            missing: Record<string, never>[];
        };
        /** @description One detector. */
        DetectorView: {
            hints: components["schemas"]["HintView"][];
            id: string;
            name: string;
            rule: string;
        };
        /** @description What is known of a drill now. */
        Drill: {
            all_channels: boolean;
            /** @description Later none of its messages is sent any more. */
            ends_at: string;
            grids: components["schemas"]["DrillGrid"][];
            /** Format: int64 */
            id: number;
            people: number;
            reached: number;
            started_at: string;
            /** @description Messages that have no end yet; read again until it is zero. */
            waiting: number;
        };
        /** @description The people of one grid. */
        DrillGrid: {
            grid?: components["schemas"]["GridOut"] | null;
            people: components["schemas"]["DrillPerson"][];
            reached: number;
        };
        /** @description One message. */
        DrillMessage: {
            channel: components["schemas"]["Channel"];
            channel_zh: string;
            state: components["schemas"]["NoticeState"];
            state_zh: string;
            /** @description Why it did not arrive, in Chinese. */
            why?: string | null;
        };
        /** @description One person. */
        DrillPerson: {
            messages: components["schemas"]["DrillMessage"][];
            /** @description Masked unless the reader administers the system. */
            name: string;
            reached: boolean;
            /**
             * Format: double
             * @description From the start until the first message was accepted.
             */
            seconds?: number | null;
            staff: components["schemas"]["StaffId"];
            staff_no: string;
        };
        /** @description A page, the first due first. */
        DuesPage: {
            /** @description What is overdue was so at this instant. */
            as_of: string;
            cases: components["schemas"]["CaseView"][];
            /** @description Pass as `cursor` to go on; missing at the end. */
            next?: string | null;
        };
        /** @description One responsibility. */
        DutyIn: {
            /** @description RFC 3339; from now on when absent. */
            from?: string | null;
            /** @description The grid's id: a small grid for workers, a community's code for cadre and secretary. */
            grid: string;
            role: components["schemas"]["DutyRole"];
            /** @description Name of a shift; around the clock when absent. */
            shift?: string | null;
            /** @description RFC 3339; until further notice when absent. */
            to?: string | null;
        };
        /**
         * @description In which capacity a person is responsible for a grid. `grid_worker_primary` 网格员; `grid_worker_backup` 替班网格员; `cadre` 社区干部; `secretary` 社区书记
         * @enum {string}
         */
        DutyRole: "grid_worker_primary" | "grid_worker_backup" | "cadre" | "secretary";
        /**
         * @description Where somebody stands towards his shift. `on` 值班中; `not_signed_on` 在班未到岗; `off` 已离岗; `on_leave` 请假或换班; `no_shift` 没有班
         * @enum {string}
         */
        DutyState: "on" | "not_signed_on" | "off" | "on_leave" | "no_shift";
        /** @description A one-time link's token with what its owner chose. */
        Enrol: {
            name: string;
            password: string;
            token: string;
        };
        /** @description What the new account's owner takes to his authenticator. */
        Enrolled: {
            /** @description Shown once, as a QR code; every sign-in asks for its six digits from now on. */
            otpauth_url: string;
        };
        /** @description A leave to be entered. */
        EnterLeave: {
            /** @description RFC 3339. */
            from: string;
            /** @description Nobody sees it in the roster. */
            reason?: string | null;
            staff?: components["schemas"]["StaffId"] | null;
            substitute?: components["schemas"]["StaffId"] | null;
            /** @description RFC 3339. */
            to: string;
        };
        /** @description The word by which somebody shows that he means it. */
        EraseBody: {
            /** @description `删除` */
            confirm: string;
        };
        /** @description The record of an erasure. */
        ErasedOut: {
            at: string;
            /**
             * Format: int64
             * @description How many cases lost their words.
             */
            cases: number;
            /**
             * Format: int64
             * @description How many files leave the store within minutes.
             */
            files: number;
            /**
             * Format: int64
             * @description Number in the register of erasures.
             */
            register: number;
            /** @description What happened, in Chinese. */
            sentence: string;
        };
        /**
         * @description What happened to a case; one word per edge of the state machine, plus what SYS observes. `reported` 提交; `located` 定位; `assigned` 派单; `sent_to_triage` 转分拣; `pushed` 通知送出; `push_failed` 推送失败; `opened` 查看; `acknowledged` 签收; `unacknowledged` 撤销签收; `contact_attempted` 联系; `contacted` 先行联系成功; `updated` 进展; `added` 补充; `resolved` 办结; `confirmed` 居民确认; `verified` 核查通过; `auto_closed` 逾期未评价自动办结; `rated` 评价; `reopened` 重开; `returned` 退单; `transferred` 转派; `reminded` 催办; `supervised` 督办; `cancelled` 撤回; `held` 挂起; `resumed` 恢复; `rejected` 不予受理; `appealed` 申诉; `merged` 并案; `answered` 补充地址; `escalated` 升级; `no_one_reachable` 该级无人可通知; `content_checked` 内容检查; `accessed` 查看隐私信息; `erased` 删除个人信息; `yellow_card` 黄牌：时限过半; `red_card` 红牌：超过时限; `due_changed` 重新计算时限; `extension_asked` 申请延期; `extension_granted` 同意延期; `extension_refused` 不同意延期; `pause_asked` 申请挂起; `pause_refused` 不同意挂起; `appointment_agreed` 确认约定时间; `diverted` 转法定途径; `excluded` 统计剔除; `exclusion_withdrawn` 撤销统计剔除
         * @enum {string}
         */
        EventType: "reported" | "located" | "assigned" | "sent_to_triage" | "pushed" | "push_failed" | "opened" | "acknowledged" | "unacknowledged" | "contact_attempted" | "contacted" | "updated" | "added" | "resolved" | "confirmed" | "verified" | "auto_closed" | "rated" | "reopened" | "returned" | "transferred" | "reminded" | "supervised" | "cancelled" | "held" | "resumed" | "rejected" | "appealed" | "merged" | "answered" | "escalated" | "no_one_reachable" | "content_checked" | "accessed" | "erased" | "yellow_card" | "red_card" | "due_changed" | "extension_asked" | "extension_granted" | "extension_refused" | "pause_asked" | "pause_refused" | "appointment_agreed" | "diverted" | "excluded" | "exclusion_withdrawn";
        /** @description One entry of the timeline. */
        EventView: {
            at: string;
            detail: unknown;
            hash: string;
            kind: components["schemas"]["EventType"];
            kind_zh: string;
            /** @description Name of the member of staff, if one acted. */
            name?: string | null;
            role: components["schemas"]["ActorRole"];
            role_zh: string;
            /** Format: int32 */
            seq: number;
        };
        /** @description A case to look at. */
        EvidenceView: {
            /**
             * Format: int64
             * @description What was measured: seconds, or for `few_all_content` the mark.
             */
            measured: number;
            number: string;
        };
        /** @description Why a case is taken out. */
        ExclusionBody: {
            ground: components["schemas"]["ExclusionGround"];
            note: string;
        };
        /**
         * @description Why an auditor takes a case out of the figures; never anybody else. `test_case` 测试数据; `entered_twice` 重复录入; `system_failure` 系统故障; `force_majeure` 不可抗力; `outside_duty` 不属于本街道职责; `other` 其他
         * @enum {string}
         */
        ExclusionGround: "test_case" | "entered_twice" | "system_failure" | "force_majeure" | "outside_duty" | "other";
        /** @description What is exported, and what for. */
        ExportBody: {
            as_of?: string | null;
            /** @description As of figures; `month:2026-10` is that of the report (上报月份). */
            filter?: string | null;
            format: components["schemas"]["ExportFormat"];
            /** @description First instant, as a date (midnight at +08:00) or RFC 3339. */
            from: string;
            /** @description As of figures; `month` is that of the report (上报月份). */
            group_by?: string | null;
            /** @description All of them when empty; exactly one with `cases`. */
            ids?: string[];
            /** @description Stands in the first row of the file. */
            purpose: string;
            /** @description First instant that no longer counts. */
            to: string;
            what: components["schemas"]["ExportContent"];
        };
        /**
         * @description What an auditor exports. `figures` 指标; `cases` 指标明细
         * @enum {string}
         */
        ExportContent: "figures" | "cases";
        /**
         * @description As what it opens. `csv` CSV; `xlsx` Excel
         * @enum {string}
         */
        ExportFormat: "csv" | "xlsx";
        /**
         * @description The life of an export. `waiting` 排队; `running` 生成中; `done` 完成; `failed` 失败; `expired` 已过期
         * @enum {string}
         */
        ExportState: "waiting" | "running" | "done" | "failed" | "expired";
        /** @description An export and how far it is. */
        ExportView: {
            /** Format: int64 */
            bytes?: number | null;
            /**
             * Format: int64
             * @description Cases looked at so far, where the cases behind a figure are exported.
             */
            cases_read: number;
            /** @description Where the file is, once it is there. */
            content?: string | null;
            created_at: string;
            finished_at?: string | null;
            format: components["schemas"]["ExportFormat"];
            /** Format: int64 */
            id: number;
            purpose: string;
            /** Format: int64 */
            rows_written: number;
            /** @description Of the file. */
            sha256?: string | null;
            state: components["schemas"]["ExportState"];
            state_zh: string;
            what: components["schemas"]["ExportContent"];
        };
        /** @description More time is asked for. */
        ExtensionBody: {
            /**
             * Format: int32
             * @description Workdays; days where the case is counted around the clock.
             */
            days: number;
            /** Format: int32 */
            expected_version: number;
            reason: string;
        };
        /** @description More time is granted or refused. */
        ExtensionDecisionBody: {
            /** Format: int32 */
            expected_version: number;
            grants: boolean;
            note?: string;
        };
        /**
         * @description What became of the one request for more time. `asked` 待审批; `granted` 已同意; `refused` 未同意
         * @enum {string}
         */
        ExtensionState: "asked" | "granted" | "refused";
        /** @description The one request for more time. */
        ExtensionView: {
            /**
             * Format: int32
             * @description Missing once another cycle began, or when it was refused.
             */
            days?: number | null;
            state: components["schemas"]["ExtensionState"];
            state_zh: string;
        };
        /** @description One bad field: where it is and what is wrong with it. */
        Fault: {
            /** @description Stable word of the rule that was broken. */
            code: string;
            /** @description Chinese sentence: what is wrong and what to do. */
            message: string;
            /** @description JSON pointer into the request body, e.g. `/on_behalf_of/phone`. */
            pointer: string;
        };
        /** @description A case behind a figure. */
        FigureCaseView: {
            /** @description `hit`, `failed`, `open` or `excluded`. */
            bucket: string;
            /** @description Why it is left out. */
            ground?: string | null;
            /** @description Key of its group; empty when it has none. */
            group: string;
            /** Format: int64 */
            id: number;
            number: string;
            /** @description Failed, and has not happened until `as_of`. */
            undone: boolean;
            /**
             * Format: double
             * @description On the wall clock, in the unit of the figure; of a share the length that decides it.
             */
            wall?: number | null;
            /**
             * Format: double
             * @description Within the hours of the promise.
             */
            work?: number | null;
        };
        /** @description Cases behind a figure, by their ids. */
        FigureCasesPage: {
            as_of: string;
            cases: components["schemas"]["FigureCaseView"][];
            /** @description Pass as `cursor` to go on; missing at the end. */
            next?: string | null;
        };
        /** @description One group of a figure. */
        FigureGroupView: {
            /** @description Left out, by ground. */
            excluded: {
                [key: string]: number;
            };
            /** Format: int64 */
            failed: number;
            /** Format: double */
            high?: number | null;
            /**
             * Format: int64
             * @description Of a share its numerator; else the cases it happened to.
             */
            hit: number;
            key: string;
            /**
             * Format: double
             * @description Wilson interval of 95 %.
             */
            low?: number | null;
            /**
             * Format: int64
             * @description Of a share its denominator; else the cases it happened to and those that wait.
             */
            n: number;
            name: string;
            /**
             * Format: int64
             * @description Not decided yet; of lengths, has not happened yet.
             */
            open: number;
            /**
             * Format: int64
             * @description Those who answer for the cases, where the figure is one of people.
             */
            people?: number | null;
            /**
             * Format: double
             * @description The sum for each of them, in the hours of the promise.
             */
            per_person?: number | null;
            /**
             * Format: double
             * @description Missing where nothing was decided.
             */
            rate?: number | null;
            /**
             * Format: int64
             * @description Of those that failed: has not happened until `as_of`.
             */
            undone: number;
            wall?: components["schemas"]["SpreadView"] | null;
            work?: components["schemas"]["SpreadView"] | null;
        };
        /** @description One figure. */
        FigureView: {
            cohort: string;
            /** @description Rates by the lower bound of their interval, the best first; else, and months always, by key. */
            groups: components["schemas"]["FigureGroupView"][];
            id: string;
            name: string;
            small?: components["schemas"]["FigureGroupView"] | null;
            /** @description Keys and names of the groups in `small`. */
            small_groups: {
                [key: string]: string;
            };
            total: components["schemas"]["FigureGroupView"];
            /** @description `share`, `seconds`, `times` or `seconds_per_person`. */
            unit: string;
            /**
             * Format: int32
             * @description Of its definition.
             */
            version: number;
        };
        /** @description Figures over a period. */
        FiguresView: {
            /** @description Later events are not counted. Pass it on to look into the cases of these numbers. */
            as_of: string;
            figures: components["schemas"]["FigureView"][];
            filter?: string | null;
            from: string;
            group_by: string;
            rolled?: components["schemas"]["RolledView"] | null;
            snapshot?: components["schemas"]["PrintingView"] | null;
            to: string;
        };
        /** @description A code of the official account, good for ten minutes and one scan. */
        FollowCodeOut: {
            expires_at: string;
            /** @description The code as a picture: show it, or let him press it long. */
            image_url: string;
            /** @description What the code says, to draw it oneself. */
            url: string;
        };
        /** @description A time in which nobody of a grid is reached by two channels; a desk of the street stands as the grid `command` or `triage_desk`. */
        GapOut: {
            from: string;
            grid: components["schemas"]["GridOut"];
            sentence: string;
            to: string;
            why: components["schemas"]["GapReason"];
            why_zh: string;
        };
        /**
         * @description Why nobody of a grid would be reached. `nobody_on_duty` 无人值班; `on_leave` 请假且无人替班; `not_reachable` 值班人没有两个可用的通知渠道
         * @enum {string}
         */
        GapReason: "nobody_on_duty" | "on_leave" | "not_reachable";
        /** @description The hours that nobody covers. */
        Gaps: {
            gaps: components["schemas"]["GapOut"][];
        };
        /** @description To another grid. */
        GridBody: {
            /** Format: int32 */
            expected_version: number;
            /** @description Id of a small grid, e.g. `G00101`. */
            grid: string;
            reason: string;
        };
        /** @description The small grids, by id. */
        GridList: {
            grids: components["schemas"]["SmallGridView"][];
        };
        /** @description A place that is not his home. In the body, because an address belongs into no log. */
        GridOfAddress: {
            /** @description 1 to 200 letters; read and forgotten. */
            address: string;
        };
        /** @description A grid. */
        GridOut: {
            id: string;
            name: string;
        };
        /** @description How many people of a grid can be reached. */
        GridReadiness: {
            grid: components["schemas"]["GridOut"];
            /** @description With none. */
            none: number;
            /** @description With one working channel. */
            one: number;
            people: number;
            ready: number;
        };
        /** @description A grid as the API shows it. */
        GridView: {
            /** @description The delivered file's id, or the community's code. */
            id: string;
            name: string;
        };
        /** @description Both grids of a case. */
        GridsView: {
            large?: components["schemas"]["GridView"] | null;
            small?: components["schemas"]["GridView"] | null;
        };
        /** @description One group. */
        GroupView: components["schemas"]["FiguresView"] & {
            /** @description Grid id, community code, staff number or category; empty when the case has none. */
            key: string;
            name: string;
        };
        /** @description One entry of its list. */
        HintView: {
            /** @description Fifty at most. */
            cases: components["schemas"]["EvidenceView"][];
            /** Format: int64 */
            of: number;
            /** @description Whose doing it is; missing where the record does not say. */
            person?: string | null;
            /**
             * Format: int64
             * @description Cases that show it, and those it was looked for in.
             */
            seen: number;
        };
        /** @description Every detector with what it listed. */
        HintsView: {
            /** @description Later events were not looked at. */
            as_of?: string | null;
            /** @description What nobody looks for, and why. */
            blind: components["schemas"]["BlindView"][];
            /** @description The night of the list; missing before the first one. */
            day?: string | null;
            detectors: components["schemas"]["DetectorView"][];
            /** @description Cases that were reported, due or moved since then. */
            from?: string | null;
            /** @description How to read it. */
            note: string;
        };
        /** @description A pause. */
        HoldBody: {
            /** Format: int32 */
            expected_version: number;
            /** @description What the resident is told; with `awaiting_material` it says which papers are missing. */
            note?: string;
            reason: components["schemas"]["HoldReason"];
            /** @description RFC 3339 instant at which work goes on. */
            until: string;
        };
        /**
         * @description Why a case may rest (domain §5.4), or why it is said that it should: the last two stop nothing. `awaiting_material` 等居民补充材料; `awaiting_appointment` 和居民约了时间; `weather` 天气或不可抗力; `awaiting_department` 等部门处理; `awaiting_purchase` 等采购或施工
         * @enum {string}
         */
        HoldReason: "awaiting_material" | "awaiting_appointment" | "weather" | "awaiting_department" | "awaiting_purchase";
        /** @description Weather or force majeure: what is at work rests. */
        HoldsBody: {
            /** @description Id of a small or large grid; the whole street when missing. */
            grid?: string | null;
            note: string;
            /** @description RFC 3339 instant at which work goes on. */
            until: string;
        };
        /** @description What became of the cases at work. */
        HoldsView: {
            held: number;
            /** @description Changed by somebody else at the same moment: ask again. */
            left: number;
        };
        /** @description A number to call before anything else. */
        HotlineView: {
            number: string;
            text: string;
        };
        /** @description One thing this person was told; the live connection sends the same. */
        InboxEntry: {
            /** @description Told to the speaker as whoever asked for help, and not by his office. */
            as_resident: boolean;
            at: string;
            case_id?: components["schemas"]["CaseId"] | null;
            category_zh: string;
            /** @description By when somebody should act. */
            due?: string | null;
            /** @description The event id: name the last one you got as `after` to go on from there. */
            id: components["schemas"]["InboxId"];
            kind: components["schemas"]["NoticeKind"];
            kind_zh: string;
            /** @description A short sentence, perhaps empty. */
            note: string;
            /** @description `NC-20261123-00042` */
            number: string;
            /** @description Grid or community, never a household. */
            place: string;
            read_at?: string | null;
            /** @description Name of the state in which the case was then. */
            state_zh: string;
            urgent: boolean;
        };
        /**
         * Format: int64
         * @description One entry of somebody's inbox.
         */
        InboxId: number;
        /** @description A page, newest first. */
        InboxPage: {
            entries: components["schemas"]["InboxEntry"][];
            /** @description Pass as `cursor` to go on; missing at the end. */
            next?: string | null;
            /**
             * Format: int64
             * @description Unread among the newest thousand.
             */
            unread: number;
        };
        /** @description Why it is taken back in. */
        InclusionBody: {
            note: string;
        };
        /** @description Somebody who is away. */
        InsteadOf: {
            name: string;
            staff: components["schemas"]["StaffId"];
        };
        /** @description One interval: nearest-rank percentiles, cases that still wait are censored at `as_of`. */
        IntervalView: {
            /** Format: double */
            longest_waiting_seconds?: number | null;
            /** Format: double */
            max_seconds?: number | null;
            /** @description Cases it happened to, and cases that still wait. */
            n: number;
            p50: components["schemas"]["QuantileView"];
            p90: components["schemas"]["QuantileView"];
            waiting: number;
        };
        /** @description The case that this one was merged into: its people work on both, and its result counts. */
        LeadView: {
            /**
             * Format: int64
             * @description For whoever may open it.
             */
            id?: number | null;
            number: string;
            /** @description When its result is promised; what was promised for this one stands in this one. */
            promised: components["schemas"]["PromisedView"];
            rejection?: components["schemas"]["RejectionCode"] | null;
            resolved_at?: string | null;
            responsible: components["schemas"]["ResponsibleView"][];
            result_type?: components["schemas"]["ResultType"] | null;
            state: components["schemas"]["CaseState"];
            state_zh: string;
        };
        /**
         * @description Why somebody is away. `leave` 请假; `off_duty` 离岗; `swap` 换班
         * @enum {string}
         */
        LeaveKind: "leave" | "off_duty" | "swap";
        /** @description A leave that counts now. */
        LeaveOut: {
            from: string;
            /** @description What nobody covers because of it. */
            gaps: components["schemas"]["GapOut"][];
            /** Format: int64 */
            id: number;
            staff: components["schemas"]["StaffId"];
            substitute?: components["schemas"]["StaffId"] | null;
            to: string;
            /** @description The same in Chinese; `null` without gaps. */
            warning?: string | null;
        };
        /** @description A page, the leave entered last first. */
        LeavePage: {
            leaves: components["schemas"]["ListedLeave"][];
            /** @description Pass as `cursor` to go on; missing at the end. */
            next?: string | null;
        };
        /** @description One leave that was not taken back. */
        ListedLeave: {
            from: string;
            /** Format: int64 */
            id: number;
            /**
             * @description Masked unless it is the reader himself, a colleague of his community, or he administers the
             *     system.
             */
            name: string;
            /** @description For the person himself; `null` for everybody else. */
            reason?: string | null;
            staff: components["schemas"]["StaffId"];
            substitute?: components["schemas"]["StaffId"] | null;
            substitute_name?: string | null;
            to: string;
        };
        /** @description Where the words lead. */
        LocatedView: {
            /** @description `route`, `route_large`, `ask`, `out_of_area` or `no_address`. */
            action: string;
            building?: components["schemas"]["ScannedView"] | null;
            /** @description At most five, best first. */
            candidates: components["schemas"]["CandidateView"][];
            /**
             * Format: double
             * @description Probability that the grid is right, 0 to 1.
             */
            confidence: number;
            grid: components["schemas"]["GridsView"];
            place?: components["schemas"]["PlaceView"] | null;
            question?: components["schemas"]["Asked"] | null;
            /** @description `text` or `address`. */
            read_from: string;
            /** @description Why, in a sentence a cadre understands. */
            reason: string;
            /** @description Who would be told; the office phone is public. */
            responsible: components["schemas"]["ResponsibleView"][];
            /** @description Parts of the field named by `read_from`, half-open, in Unicode scalar values. */
            spans: components["schemas"]["SpanView"][];
        };
        /** @description A position in one of the datums in use. */
        Location: {
            /**
             * Format: double
             * @description Radius in metres.
             */
            accuracy_m: number;
            datum: components["schemas"]["Datum"];
            /** Format: double */
            lat: number;
            /** Format: double */
            lon: number;
        };
        /** @description Who looked, and what for. */
        LookOut: {
            at: string;
            case_id: components["schemas"]["CaseId"];
            /** @description Name of the member of staff. */
            name?: string | null;
            /** @description `NC-20261123-00042` */
            number: string;
            purpose_zh: string;
            role: components["schemas"]["ActorRole"];
            role_zh: string;
            what_zh: string;
        };
        /** @description A page of looks, newest first. */
        LookPage: {
            looks: components["schemas"]["LookOut"][];
            /** @description Pass as `cursor` to go on; missing at the end. */
            next?: string | null;
        };
        /** @description What an account knows about itself. */
        Me: {
            id: components["schemas"]["AccountId"];
            /** @description `138****1234`; `null` until it is verified. */
            phone?: string | null;
            staff?: components["schemas"]["StaffOut"] | null;
        };
        /** @description The same matter as another case. */
        MergeBody: {
            /** Format: int32 */
            expected_version: number;
            /**
             * Format: int64
             * @description Id of the case that stays.
             */
            into: number;
            reason: string;
        };
        /** @description Everything that is stored about the speaker, at a glance. */
        MyDataOut: {
            /** @description What to send as `confirm` to erase everything. */
            confirm_word: string;
            groups: components["schemas"]["DataGroup"][];
            /** @description Where he lives, in his own words. */
            home?: string | null;
            /**
             * Format: int64
             * @description How often a page of his cases was read, counted each time.
             */
            looks: number;
            may_erase: boolean;
            /** @description How he wants to be called. */
            name?: string | null;
            phone_masked?: string | null;
            /** @description Why not, and what to do first. */
            why_not?: string | null;
        };
        /** @description Where the speaker stands. */
        MyDutyOut: {
            /**
             * Format: int64
             * @description How many notices of the mini-program he still allows: renew them when he signs on.
             */
            credits: number;
            /** @description What nobody covers because he signed off just now; his leaders were told. */
            gaps: components["schemas"]["GapOut"][];
            grids: components["schemas"]["ChargeOut"][];
            next?: components["schemas"]["SpanOut"] | null;
            open_urgent: components["schemas"]["UrgentOut"][];
            /** @description The same in a sentence, with what follows from it. */
            says: string;
            shift?: components["schemas"]["SpanOut"] | null;
            signed_off_at?: string | null;
            signed_on_at?: string | null;
            state: components["schemas"]["DutyState"];
            state_zh: string;
            warning?: string | null;
        };
        /** @description A grid and its people. */
        MyGridView: {
            /** @description How the grid is known: `address`, `home`, `last_case` or `unknown`. */
            basis: string;
            community?: components["schemas"]["CommunityView"] | null;
            grid: components["schemas"]["GridsView"];
            /** @description What to do while the grid is not known. */
            how_to_find?: string | null;
            /** @description Grid worker, backup and cadre: who is there now before who comes later. */
            people: components["schemas"]["PersonView"][];
            question?: components["schemas"]["Asked"] | null;
            /** @description The same in a sentence. */
            why: string;
        };
        /** @description A name as the office gives it. */
        NameBody: {
            kind: components["schemas"]["AliasKind"];
            /** @description Id of the place in the delivered files; of a village or road the name. */
            target: string;
            /** @description As residents write it. */
            word: string;
        };
        /** @description A step that may be explained. */
        NoteBody: {
            /** Format: int32 */
            expected_version: number;
            note?: string;
        };
        /**
         * @description What a notice is about; decides its template and its words. `new_case` 新工单; `escalated` 升级提醒; `reminder` 催办; `transferred` 转派; `taken_by` 已被签收; `reopened` 重开; `triage` 待分拣; `case_cancelled` 已撤回; `question` 请补充地址; `acknowledged` 已有人接到; `resolved` 等您确认; `rejected` 未受理; `diverted` 已转法定途径; `rests` 暂停办理; `message` 给您留言; `merged` 合并办理; `outcome` 已有结果; `added` 居民补充; `renewal` 续订提醒; `roster` 值班与换班
         * @enum {string}
         */
        NoticeKind: "new_case" | "escalated" | "reminder" | "transferred" | "taken_by" | "reopened" | "triage" | "case_cancelled" | "question" | "acknowledged" | "resolved" | "rejected" | "diverted" | "rests" | "message" | "merged" | "outcome" | "added" | "renewal" | "roster";
        /**
         * @description The life of a notice. `planned` 待发送; `sending` 发送中; `accepted` 平台已受理; `delivered` 已送达; `unknown` 结果不明; `dead` 发送失败; `cancelled` 已取消
         * @enum {string}
         */
        NoticeState: "planned" | "sending" | "accepted" | "delivered" | "unknown" | "dead" | "cancelled";
        /** @description Who was told, through which channel, with which answer. */
        NoticeView: {
            accepted_at?: string | null;
            channel: string;
            delivered_at?: string | null;
            /** @description What became of it, in a sentence. */
            fate: string;
            /** @description Before this it does not leave: it rests at night, or he had enough for the moment. */
            held_until?: string | null;
            kind: string;
            planned_at: string;
            /** @description The word of the record; for staff only. */
            reason?: string | null;
            /** @description His office, if he stands in the chain of this case. */
            role_zh?: string | null;
            /**
             * Format: double
             * @description Seconds from the report to the platform's acceptance.
             */
            seconds?: number | null;
            state: components["schemas"]["NoticeState"];
            to: string;
        };
        /** @description Somebody else's request, brought by a neighbour or by staff on the telephone. */
        OnBehalf: {
            name: string;
            phone: string;
            relation: string;
        };
        /** @description Whose request this is, when it is not the sender's own. */
        OnBehalfBody: {
            name: string;
            phone: string;
            relation: string;
        };
        /** @description A pause is asked for; somebody else approves it. */
        PauseBody: {
            /** Format: int32 */
            expected_version: number;
            /** @description What the resident is told: which papers are missing. */
            note: string;
            reason: components["schemas"]["HoldReason"];
            /** @description RFC 3339 instant at which work would go on. */
            until: string;
        };
        /** @description A pause is approved or refused. */
        PauseDecisionBody: {
            /** Format: int32 */
            expected_version: number;
            grants: boolean;
            note?: string;
        };
        /** @description A rest that was asked for and can still be granted; until then the clock runs. */
        PauseView: {
            reason: components["schemas"]["HoldReason"];
            reason_zh: string;
            /** @description When work would go on. */
            until: string;
        };
        /** @description Somebody who answers for the grid; the office phone is public. */
        PersonView: {
            /** @description When his present or next time begins. */
            from: string;
            /** @description For whom he stands in. */
            instead_of?: string | null;
            name: string;
            office_phone: string;
            on_duty: boolean;
            role: string;
            role_zh: string;
            /** @description The same in a sentence. */
            says: string;
            /** @description When it ends; `null`: not within two weeks. */
            until?: string | null;
        };
        /** @description The code of the phone-number button. */
        PhoneCode: {
            code: string;
        };
        /** @description A telephone and what to call it for. */
        PhoneLine: {
            number: string;
            /** @description In Chinese. */
            purpose: string;
        };
        /** @description A verified phone, masked. */
        PhoneOut: {
            phone: string;
        };
        /**
         * Format: int64
         * @description A stored photo.
         */
        PhotoId: number;
        /** @description A stored photo. */
        PhotoView: {
            /** Format: int64 */
            bytes: number;
            /** Format: int32 */
            height: number;
            /** Format: int64 */
            id: number;
            /** Format: int32 */
            width: number;
        };
        /** @description A confirmed place, from which the names that residents use are learned. */
        PlaceBody: {
            /** @description Id in the delivered files; of a village or road the name. */
            id: string;
            kind: components["schemas"]["AliasKind"];
        };
        /** @description The place as far as it was read. */
        PlaceView: {
            building?: string | null;
            compound?: string | null;
            /** @description Two roads and, where the words say it, the corner. */
            crossing?: string | null;
            floor?: string | null;
            number?: string | null;
            poi?: string | null;
            road?: string | null;
            room?: string | null;
            section?: string | null;
            shop?: string | null;
            unit?: string | null;
            village_group?: string | null;
        };
        /** @description A percentile, or why there is none. */
        PointView: {
            /**
             * Format: double
             * @description With `not_reached`: it is longer than this.
             */
            beyond?: number | null;
            /** @description `too_few` or `not_reached`; missing with a value. */
            note?: string | null;
            /** Format: double */
            value?: number | null;
        };
        /** @description The policy in force. */
        Policy: {
            /** @description Where its text stands; missing when the program itself carries it. */
            url?: string | null;
            /** @description Agree to it by `PUT /api/v1/my/privacy`. */
            version: string;
        };
        /** @description A point on the map, as `wx.openLocation` takes it. */
        PositionView: {
            /**
             * Format: double
             * @description What is meant lies within this many metres.
             */
            accuracy_m: number;
            /** @description Always `gcj02`. */
            datum: components["schemas"]["Datum"];
            /**
             * Format: double
             * @description Degrees, GCJ-02.
             */
            lat: number;
            /**
             * Format: double
             * @description Degrees, GCJ-02.
             */
            lon: number;
            /**
             * @description What it is the point of: `reported` (the resident's phone), `building`, `compound`, `poi`,
             *     `shop`, `crossing`, or `grid` when nothing better is known.
             */
            source: string;
            source_zh: string;
        };
        /** @description One printing of a month. */
        PrintingView: {
            /** @description Later events are not counted. */
            as_of: string;
            /** @description `2026-10` */
            period: string;
            printed_at: string;
            /** @description Why it was printed again. */
            reason?: string | null;
            /**
             * Format: int32
             * @description 0 is the first one, made on the third workday of the next month.
             */
            revision: number;
        };
        /** @description The printings, the latest month first. */
        PrintingsView: {
            printings: components["schemas"]["PrintingView"][];
        };
        /** @description Where the speaker stands with the privacy policy. */
        PrivacyOut: {
            agreed?: components["schemas"]["AgreedOut"] | null;
            /** @description The version in force. */
            current: string;
            /** @description He never agreed, took it back, or there is a new version. Nothing is refused meanwhile. */
            must_ask: boolean;
            withdrawn_at?: string | null;
        };
        /** @description RFC 9457 problem details. */
        ProblemBody: {
            /** @description What would be allowed now, with `move_not_allowed`. */
            allowed?: string[];
            /** @description Stable word; branch on this one. */
            code: string;
            /** @description Chinese sentence: what is wrong and what to do. Never with a 5xx. */
            detail?: string;
            /** @description Every bad field at once. */
            errors?: components["schemas"]["Fault"][];
            /** Format: int32 */
            status: number;
            /** @description Chinese title of the code. */
            title: string;
            trace_id?: string;
            /** @description `/problems/<code>`; opens the documentation of the code. */
            type: string;
        };
        /** @description What was promised. */
        PromisedView: {
            acknowledge_by: string;
            /** @description Why then, in a sentence that names the days off and the make-up workdays. */
            acknowledge_zh: string;
            contact_by: string;
            contact_zh: string;
            /** @description What days of more time are, behind their number: `个工作日`, or `天` where every day counts. */
            days_zh: string;
            /** @description The days off of a year on the way are not published: the times may move. */
            provisional: boolean;
            /** @description Moved by rests and by an extension. */
            resolve_by: string;
            resolve_zh: string;
            /**
             * Format: int32
             * @description Version of the targets that the case was promised by and keeps.
             */
            targets_version: number;
        };
        /** @description A percentile, or why there is none. */
        QuantileView: {
            /**
             * Format: double
             * @description With `not_reached`: the percentile is longer than this.
             */
            beyond_seconds?: number | null;
            /** @description `too_few` or `not_reached`; absent with a number. */
            note?: string | null;
            /** Format: double */
            seconds?: number | null;
        };
        /** @description Result and attitude, apart. */
        RatingBody: {
            /** Format: int32 */
            attitude: number;
            comment?: string;
            /** Format: int32 */
            expected_version: number;
            /** Format: int32 */
            result: number;
        };
        /** @description How many have read a notice. */
        ReachOut: {
            /** Format: int64 */
            residents: number;
            /** Format: int64 */
            staff: number;
        };
        /** @description Whether those who answer for something can be reached. */
        Readiness: {
            grids: components["schemas"]["GridReadiness"][];
            missing: components["schemas"]["UnreadyOut"][];
            /** @description People who answer for a grid or hold a street role now. */
            people: number;
            /** @description Those with two working channels; the inbox does not count. */
            ready: number;
        };
        /** @description What was looked at. */
        Ready: {
            /** @description Little room is left for the database and photos; requests are served as long as they fit. */
            low_space: boolean;
            /**
             * Format: int64
             * @description Seconds the oldest due job has waited.
             */
            oldest_due_seconds: number;
            status: string;
        };
        /** @description A step that must be explained. */
        ReasonBody: {
            /** Format: int32 */
            expected_version: number;
            reason: string;
        };
        /** @description A refresh token. */
        Refresh: {
            refresh_token: string;
        };
        /** @description Not accepted, by one of the six legal codes. */
        RejectionBody: {
            code: components["schemas"]["RejectionCode"];
            /** Format: int32 */
            expected_version: number;
            /** @description Tells the resident where to go. */
            explanation: string;
        };
        /**
         * @description Why a case was not accepted (domain §7). `emergency` 紧急情况请拨打110/119/120/122; `legal_procedure` 已进入诉讼、仲裁、复议或信访程序; `repeated` 重复反映且无新事实; `secret` 涉及国家秘密、商业秘密或个人隐私; `outside_duty` 不属于街道职责，请通过社会或市场渠道解决; `unlawful` 违反法律法规或公序良俗
         * @enum {string}
         */
        RejectionCode: "emergency" | "legal_procedure" | "repeated" | "secret" | "outside_duty" | "unlawful";
        /** @description It is not solved, and what is still wrong. */
        ReopeningBody: {
            /** Format: int32 */
            expected_version: number;
            photos?: number[];
            /** @description 1 to 200 characters; may be missing when he speaks (`voices`). */
            reason?: string;
            /** @description Recordings that were uploaded before. */
            voices?: number[];
        };
        /** @description A request for help. */
        ReportBody: {
            address?: string | null;
            /**
             * @description The scene of the building's code that was scanned, decoded. One that nobody printed is
             *     taken for none.
             */
            building_code?: string | null;
            category?: components["schemas"]["Category"] | null;
            contact_phone?: string | null;
            /**
             * @description The answer that he tapped to the question of `/address/resolve`: the `grid` of one of its
             *     buttons, for the same words, address and position.
             */
            grid?: string | null;
            location?: components["schemas"]["Location"] | null;
            on_behalf_of?: components["schemas"]["OnBehalfBody"] | null;
            photos?: number[];
            /** @description What is the matter, and where: 1 to 500 characters; may be missing when he speaks (`voices`). */
            text?: string;
            urgency?: components["schemas"]["UrgencyAnswers"] | null;
            /** @description Recordings that were uploaded before. */
            voices?: number[];
        };
        /** @description The result. */
        ResolutionBody: {
            /** @description How it looked before the work. */
            before?: number[];
            /** Format: int32 */
            expected_version: number;
            /** @description How it looks now. */
            photos?: number[];
            result_type: components["schemas"]["ResultType"];
            text: string;
        };
        /** @description What somebody wrote so far. */
        ResolveBody: {
            address?: string | null;
            /** @description The scene of the building's code that was scanned, decoded. */
            building_code?: string | null;
            location?: components["schemas"]["Location"] | null;
            /** @description The request is for somebody else: the writer's own home says nothing. */
            on_behalf?: boolean;
            /** @description 1 to 500 characters; may be missing with a `building_code`. */
            text?: string | null;
        };
        /** @description The response-time table. */
        ResponseTimesView: {
            /** @description When the figures were computed; open cases are measured until then. */
            as_of: string;
            /** @description Which cases were counted. */
            cohort: string;
            /**
             * Format: int32
             * @description Version of the definitions behind the figures.
             */
            definition: number;
            from: string;
            group_by: string;
            groups: components["schemas"]["GroupView"][];
            to: string;
            total: components["schemas"]["FiguresView"];
        };
        /** @description A responsible person; the office phone is public. */
        ResponsibleView: {
            name: string;
            office_phone: string;
            role: string;
            role_zh: string;
            /** @description He took the case; nobody else did. */
            taken: boolean;
        };
        /** @description Why a case rests, and what is asked of the resident meanwhile. */
        RestView: {
            /** @description When the resident last added something since the case rests. */
            added_at?: string | null;
            /**
             * @description What the resident is told: which papers are missing. Missing when nothing was written, when it
             *     was erased, and for whoever sees the case masked.
             */
            note?: string | null;
            reason: components["schemas"]["HoldReason"];
            reason_zh: string;
            /** @description When work goes on at the latest. */
            until: string;
        };
        /**
         * @description How a handled case ended (t7). `solved` 实际解决; `explained` 解释说明; `referred` 转介其他单位; `not_yet_solvable` 暂无法解决
         * @enum {string}
         */
        ResultType: "solved" | "explained" | "referred" | "not_yet_solvable";
        /** @description Not for this grid or duty. */
        ReturnBody: {
            /** Format: int32 */
            expected_version: number;
            /** @description Who should have it instead. */
            proposed_unit: string;
            reason: string;
        };
        /** @description Why a month is printed again. */
        RevisionBody: {
            reason: string;
        };
        /** @description The number of a printing that is under way. */
        RevisionView: {
            period: string;
            /** Format: int32 */
            revision: number;
        };
        /** @description One role held now. */
        RoleOut: {
            grid?: components["schemas"]["GridOut"] | null;
            /** @description A duty role or a street role. */
            role: string;
            title: string;
        };
        /** @description Where the numbers come from that were not read from the ledger alone. */
        RolledView: {
            /**
             * Format: double
             * @description The largest share by which a printed length may differ from the exact one; counts, rates and
             *     sums are exact.
             */
            error: number;
            /** @description Cases that were read from the ledger beside them. */
            read: number;
            /** @description Cases that were over then were counted before. */
            until: string;
        };
        /** @description One grid on one day. */
        RosterDay: {
            /** @description Who is away without anybody in his place. */
            away: components["schemas"]["TurnOut"][];
            date: string;
            grid: components["schemas"]["GridOut"];
            turns: components["schemas"]["TurnOut"][];
        };
        /** @description The roster, day by day and grid by grid. */
        RosterOut: {
            days: components["schemas"]["RosterDay"][];
        };
        /** @description The building whose code was scanned. */
        ScannedView: {
            /** @description Id of the building in the delivered files. */
            id: string;
            /** @description As people call it: 阳光花园3号楼. */
            name: string;
        };
        /** @description A shift; the duties that name it follow at once. */
        SetShift: {
            days?: components["schemas"]["ShiftDays"] | null;
            /** @description `08:00` */
            from: string;
            /** @description `18:00`; not after `from`: on the next day. */
            to: string;
            /** @description 1 for Monday to 7 for Sunday; every day when absent. */
            weekdays?: number[] | null;
        };
        /** @description An address that places of several grids share. */
        SharedView: {
            address: string;
            grids: string[];
        };
        /**
         * @description On which days a shift is worked. `every` 每天; `workday` 工作日; `day_off` 休息日
         * @enum {string}
         */
        ShiftDays: "every" | "workday" | "day_off";
        /** @description One shift. */
        ShiftOut: {
            days: components["schemas"]["ShiftDays"];
            from: string;
            name: string;
            to: string;
            /** Format: int32 */
            version: number;
            /** @description 1 for Monday to 7 for Sunday. */
            weekdays: number[];
        };
        /** @description The shifts that count now. */
        Shifts: {
            shifts: components["schemas"]["ShiftOut"][];
        };
        /** @description On or off. */
        SignDuty: {
            /** @description Goes although urgent cases of his are open; the community's cadre is told of them. */
            confirm?: boolean;
            on: boolean;
        };
        /** @description Tokens, and who they are for. */
        SignedIn: {
            access_token: string;
            account: components["schemas"]["AccountOut"];
            /**
             * Format: int64
             * @description Seconds.
             */
            expires_in: number;
            refresh_token: string;
            staff?: components["schemas"]["StaffOut"] | null;
        };
        /** @description A small grid. */
        SmallGridView: {
            community: components["schemas"]["GridView"];
            /** @description Id in the delivered file, e.g. `G00101`; what `transfer` and `assignment` take. */
            id: string;
            name: string;
            position?: components["schemas"]["PositionView"] | null;
        };
        /** @description A time, its end not included. */
        SpanOut: {
            from: string;
            to: string;
        };
        /** @description A part of the words and what it was read as. */
        SpanView: {
            end: number;
            kind: string;
            start: number;
        };
        /** @description A distribution in the unit of its figure. */
        SpreadView: {
            /** Format: double */
            longest_waiting?: number | null;
            /** Format: double */
            max?: number | null;
            /** Format: int64 */
            n: number;
            p50: components["schemas"]["PointView"];
            p90: components["schemas"]["PointView"];
            p95: components["schemas"]["PointView"];
            /** Format: double */
            sum: number;
            /** Format: int64 */
            waiting: number;
        };
        /** @description A member of staff. */
        StaffDetail: {
            /** @description Reached by a WeChat account. */
            bound: boolean;
            id: components["schemas"]["StaffId"];
            /** @description Masked unless the reader administers the system. */
            name: string;
            office_phone: string;
            roles: components["schemas"]["RoleOut"][];
            staff_no: string;
            /**
             * @description `active`, or why WeCom does not lead to him: `unreachable`, `disabled`, `deleted`; null for
             *     others than an administrator and himself, and without an account there.
             */
            wecom?: string | null;
        };
        /**
         * Format: int64
         * @description A person who can be responsible: grid worker, cadre, secretary, desk.
         */
        StaffId: number;
        /** @description Who the person is for the street. */
        StaffOut: {
            name: string;
            roles: components["schemas"]["RoleOut"][];
            staff_no: string;
        };
        /** @description One page of staff. */
        StaffPage: {
            items: components["schemas"]["StaffDetail"][];
            next?: components["schemas"]["StaffId"] | null;
        };
        /** @description How to drill. */
        StartDrill: {
            /** @description Through every channel of each person; the first alone when absent. */
            all_channels?: boolean;
        };
        /** @description An address that does not lead to its own grid. */
        StrayView: {
            /** @description `route`, `route_large`, `ask` or `reject`. */
            action: string;
            address: string;
            /** @description One grid to route to, or several to ask for. */
            expected: string[];
            /** @description The grid it was routed to, or the candidates. */
            got: string[];
            kind: string;
        };
        /** @description The street. */
        StreetOut: {
            /** @description Who helps when life is in danger: to be called before anything is written here. */
            emergency: components["schemas"]["PhoneLine"][];
            name: string;
            /** @description The street's own telephones. */
            phones: components["schemas"]["PhoneLine"][];
            privacy: components["schemas"]["Policy"];
        };
        /**
         * @description What a person may do for the whole street. `triage_desk` 分拣员; `command` 街道指挥中心; `auditor` 督查审计; `verifier` 核查员; `system_admin` 系统管理员; `security_admin` 安全管理员; `audit_admin` 审计管理员
         * @enum {string}
         */
        StreetRole: "triage_desk" | "command" | "auditor" | "verifier" | "system_admin" | "security_admin" | "audit_admin";
        /** @description One swap. */
        SwapOut: {
            /** @description Sub-resources that the speaker may post to now. */
            allowed: string[];
            asked_at: string;
            asker: components["schemas"]["SwapPerson"];
            changed_at: string;
            colleague: components["schemas"]["SwapPerson"];
            /** @description What nobody covers because of it; in the list only of swaps that the speaker may accept or approve. */
            gaps: components["schemas"]["GapOut"][];
            /** Format: int64 */
            id: number;
            /** @description The asker's shift, which the colleague takes over. */
            mine: components["schemas"]["SpanOut"];
            /** @description Who works for whom, in a sentence. */
            says: string;
            state: components["schemas"]["SwapState"];
            state_zh: string;
            theirs?: components["schemas"]["SpanOut"] | null;
            /** @description The same in plain words. */
            warning?: string | null;
        };
        /** @description Somebody of a swap. */
        SwapPerson: {
            name: string;
            staff: components["schemas"]["StaffId"];
        };
        /**
         * @description Where a swap of shifts stands. `asked` 待同事答复; `accepted` 待社区批准; `in_force` 已生效; `declined` 同事未同意; `refused` 社区未批准; `withdrawn` 已撤回; `expired` 已过期
         * @enum {string}
         */
        SwapState: "asked" | "accepted" | "in_force" | "declined" | "refused" | "withdrawn" | "expired";
        /** @description Swaps that concern the speaker, newest first. */
        Swaps: {
            /** @description Whom he may ask. */
            colleagues: components["schemas"]["ColleagueOut"][];
            swaps: components["schemas"]["SwapOut"][];
        };
        /** @description One version of the targets. */
        TargetVersionView: components["schemas"]["VersionView"] & {
            /** @description New cases are promised by it now. */
            in_force: boolean;
            /**
             * @description `office` and `duty` (hours), `urgent`, `fast`, `normal`, `complex`, and `rules` for a
             *     `category`, `urgency` or `source`; each target with `profile`, `push`, `acknowledge`,
             *     `contact` and `resolve` (`minutes`, `work_minutes` or `workdays`); `material_days`, the longest
             *     rest for the resident's papers, and `appointment_days`, the longest until an appointment.
             */
            targets: Record<string, never>;
            /** @description New cases are promised by it from then on, once it is confirmed. */
            valid_from: string;
        };
        /** @description A version of all targets. */
        TargetsBody: {
            /** @description As `targets` of a version is shown; its numbers are given by the server. */
            targets: Record<string, never>;
            /** @description RFC 3339; now when missing or past. */
            valid_from?: string | null;
        };
        /** @description What counts and what was. */
        TargetsView: {
            /**
             * Format: int32
             * @description Number of the version in force; 1 is what the program begins with.
             */
            in_force: number;
            /** @description The targets in force. */
            targets: Record<string, never>;
            /** @description Newest first. */
            versions: components["schemas"]["TargetVersionView"][];
        };
        /**
         * @description Why a case waits for a person to place it. `ask` 等待居民补充地址; `large_grid_only` 只确定到社区; `no_grid` 未识别到网格; `out_of_area` 不在本街道; `nobody_reachable` 网格暂无可通知人员; `duplicate` 疑似重复; `content_review` 内容待人工复核; `returned` 退单; `appealed` 居民申诉; `only_voice` 只有语音
         * @enum {string}
         */
        TriageReason: "ask" | "large_grid_only" | "no_grid" | "out_of_area" | "nobody_reachable" | "duplicate" | "content_review" | "returned" | "appealed" | "only_voice";
        /** @description Why a case waits for a person to place it. */
        TriageView: {
            held_by?: components["schemas"]["ActorRole"] | null;
            question?: components["schemas"]["Asked"] | null;
            reason: components["schemas"]["TriageReason"];
            reason_zh: string;
        };
        /** @description One person for some hours. */
        TurnOut: {
            from: string;
            instead_of?: components["schemas"]["StaffId"] | null;
            /** @description Masked unless it is a colleague of the reader's community or he administers the system. */
            name: string;
            role: string;
            staff: components["schemas"]["StaffId"];
            title: string;
            to: string;
        };
        /** @description Somebody who is not reached by two working channels. */
        UnreadyOut: {
            channels: components["schemas"]["WayOut"][];
            /** @description Masked unless the reader administers the system. */
            name: string;
            roles: components["schemas"]["RoleOut"][];
            staff: components["schemas"]["StaffId"];
            staff_no: string;
            /** @description What he should do, in Chinese. */
            todo: string[];
            working: number;
        };
        /** @description Progress, or what the resident adds. */
        UpdateBody: {
            /** @description Of a resident who has to be reached and gave none, or another one now. */
            contact_phone?: string | null;
            /** Format: int32 */
            expected_version: number;
            photos?: number[];
            /** @description 1 to 500 characters; may be missing when he speaks (`voices`). */
            text?: string;
            /** @description Recordings that were uploaded before. */
            voices?: number[];
        };
        /**
         * @description How fast a case must move; derived from two questions, never ticked (domain §8). `urgent` 紧急; `fast` 加急; `normal` 普通; `complex` 复杂
         * @enum {string}
         */
        Urgency: "urgent" | "fast" | "normal" | "complex";
        /** @description The two questions that decide the urgency. */
        UrgencyAnswers: {
            /** @description Is anybody's life, health or home in danger right now? */
            danger?: boolean;
            /** @description Is somebody old, ill, disabled or a child without water, power, heat, food, medicine? */
            stuck?: boolean;
        };
        /** @description An open urgent case that waits for him. */
        UrgentOut: {
            /** Format: int64 */
            id: number;
            number: string;
        };
        /** @description A change that needs nothing but the version seen. */
        VersionBody: {
            /** Format: int32 */
            expected_version: number;
        };
        /** @description What every version says of itself. */
        VersionView: {
            /** @description Missing while it waits for a second person. */
            confirmed_at?: string | null;
            confirmed_by?: string | null;
            created_at: string;
            /** @description Nobody, when it comes from the configuration or the command line. */
            created_by?: string | null;
            source: components["schemas"]["ChainSource"];
            source_zh: string;
            /** Format: int64 */
            version: number;
        };
        /** @description A stored recording. */
        VoiceView: {
            /** Format: int64 */
            bytes: number;
            /** Format: int64 */
            id: number;
            /** @description `audio/mpeg`, `audio/aac`, `audio/mp4` or `audio/wav`. */
            media_type: string;
            /**
             * Format: double
             * @description How long it lasts, measured by the server.
             */
            seconds: number;
        };
        /** @description A case for which a pause was asked; `case.pause` says why and until when. */
        WaitingPause: {
            asked_at: string;
            /** @description Name of whoever asked. */
            asked_by: string;
            case: components["schemas"]["CaseView"];
            /** @description Which papers are missing; numbers in it are masked. */
            note: string;
        };
        /** @description At most a hundred, the case that is due first at the top. */
        WaitingPauses: {
            pauses: components["schemas"]["WaitingPause"][];
        };
        /** @description What is known of one channel. */
        WayOut: {
            channel: components["schemas"]["Channel"];
            channel_zh: string;
            state: components["schemas"]["WayState"];
            state_zh: string;
        };
        /**
         * @description What is known of a channel to one person. `proven` 已验证; `untried` 未验证; `failed` 发送失败; `missing` 未登记
         * @enum {string}
         */
        WayState: "proven" | "untried" | "failed" | "missing";
        /** @description The code of `wx.login`. */
        WechatSignIn: {
            code: string;
        };
        /** @description One grid on one day. */
        WeekDayOut: {
            /** @description Who is away without anybody in his place. */
            away: components["schemas"]["WeekTurnOut"][];
            date: string;
            grid: components["schemas"]["GridOut"];
            turns: components["schemas"]["WeekTurnOut"][];
        };
        /** @description Seven days. */
        WeekOut: {
            days: components["schemas"]["WeekDayOut"][];
            /** @description The hours from now on in which nobody is reached by two channels. */
            gaps: components["schemas"]["GapOut"][];
        };
        /** @description One person for some hours. */
        WeekTurnOut: {
            because?: components["schemas"]["LeaveKind"] | null;
            because_zh?: string | null;
            from: string;
            instead_of?: components["schemas"]["InsteadOf"] | null;
            name: string;
            role: string;
            role_zh: string;
            staff: components["schemas"]["StaffId"];
            to: string;
        };
        /** @description A notice to be written. */
        WriteBulletin: {
            /** @description RFC 3339; at once when absent. */
            from?: string | null;
            /** @description Ids of small grids or communities. Empty: the whole street, and a second person approves. */
            grids?: string[];
            /** @description From `POST /api/v1/photos`. */
            photos?: components["schemas"]["PhotoId"][];
            /** @description 1 to 5000 letters of plain text; tags of a web page are taken out. */
            text: string;
            /** @description 1 to 60 letters, one line. */
            title: string;
            /** @description RFC 3339. */
            until: string;
            urgent?: boolean;
        };
        /** @description The notice of one year. */
        YearView: {
            days: components["schemas"]["DayView"][];
            /** @description What the file may lack; whoever confirms it looks at the notice. */
            doubt?: string | null;
            /** @description How many make-up days. */
            make_up_days: number;
            /** @description How many days of rest it lists; whoever confirms it compares both counts with the notice. */
            rests: number;
            /** Format: int32 */
            year: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
