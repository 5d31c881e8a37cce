// SPDX-License-Identifier: Apache-2.0

internal import CGLib
internal import CognitoAuth

/// A page as HTML: no script, no link, no picture, nothing to load. It is read out by a screen reader, is dark where the
/// desktop is, and its sign differs in shape as well as in colour.
enum WebPage {
    /// What the page may do: have its own style, known by its SHA-256.
    static let policy: StaticString = """
        default-src 'none'; style-src 'sha256-7C4NX4IHmb+SejX7miauRCA3SxcbvgLH/FhlTCQ17yU='; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
        """

    static func html(_ page: BrowserPage) -> String {
        let heading = escaped(page.heading)
        return .joining(
            head.text, heading, "</title>\n<style>", style.text,
            "</style>\n</head>\n<body>\n<main role=\"status\" class=\"",
            name(page.sign), "\">\n<div class=\"sign\" aria-hidden=\"true\"></div>\n<h1>", heading, "</h1>\n<p>",
            escaped(page.text), "</p>\n</main>\n</body>\n</html>\n")
    }

    private static let head: StaticString = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>
        """

    private static func name(_ sign: BrowserPageSign) -> String {
        switch sign {
        case .well: "well"
        case .unwell: "unwell"
        case .neutral: "neutral"
        }
    }

    private static func escaped(_ text: String) -> String {
        guard let escaped = g_markup_escape_text(text, -1) else { return "" }
        defer { g_free(escaped) }
        return String(cString: escaped)
    }

    private static let style: StaticString = """

        :root { color-scheme: light dark; --ground: #f3f5f7; --sheet: #fff; --line: #e2e6eb; --ink: #1d2530; --soft: #566070;
          --sign: #5b6878; }
        .well { --sign: #23794f; }
        .unwell { --sign: #b0452f; }
        body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--ground);
          color: var(--ink); font: 1.0625rem/1.6 system-ui, sans-serif; }
        main { box-sizing: border-box; width: min(27rem, 100% - 2.5rem); padding: 3rem 2.5rem; border-radius: 1.125rem;
          border: 1px solid var(--line); background: var(--sheet); text-align: center; overflow-wrap: anywhere; }
        h1 { margin: 0 0 .5rem; font-size: 1.5rem; font-weight: 600; line-height: 1.3; letter-spacing: -.01em;
          text-wrap: balance; }
        p { margin: 0; color: var(--soft); }
        .sign { position: relative; width: 4rem; height: 4rem; margin: 0 auto 1.75rem; border-radius: 50%;
          background: var(--sign); forced-color-adjust: none; }
        .sign::before, .sign::after { content: ""; position: absolute; inset: 0; margin: auto; border-radius: .125rem; }
        .well .sign::after { width: .8rem; height: 1.55rem; top: -.35rem; border: solid var(--sheet); border-radius: 0;
          border-width: 0 .27rem .27rem 0; box-sizing: border-box; transform: rotate(45deg); }
        .unwell .sign::before { width: .3rem; height: 1.3rem; top: -.6rem; background: var(--sheet); }
        .unwell .sign::after { width: .34rem; height: .34rem; top: 1.4rem; border-radius: 50%; background: var(--sheet); }
        .neutral .sign::after { width: .42rem; height: .42rem; border-radius: 50%; background: var(--sheet);
          box-shadow: -.95rem 0 var(--sheet), .95rem 0 var(--sheet); }
        @media (prefers-color-scheme: dark) {
          :root { --ground: #12161b; --sheet: #1b2128; --line: #2a323c; --ink: #eceff3; --soft: #a7b1be; --sign: #97a4b4; }
          .well { --sign: #55b98a; }
          .unwell { --sign: #e88b73; }
        }

        """
}
