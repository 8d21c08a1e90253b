/** Behaviours that no case can show here, each with the reason. */
export const unobservable: Readonly<Record<string, string>> = {
  'manifest-crossorigin': 'A browser fetches a manifest only when it offers to install the page.',
  'script-crossorigin-304':
    'A page cannot make a script element revalidate; fetch() in cache mode no-cache can, and status-304 covers it.',
  'frame-redirect-userinfo': 'A navigation shows the page around its frame nothing of where it ends.',
  'xhr-anon': 'No Standard has an anonymous XMLHttpRequest; engines ignore the argument of the constructor.',
  'acao-default-port':
    'The lab serves its pages on free ports; a page on port 80 or 443 needs ports that are not available everywhere.',
  'preflight-no-client-cert':
    'No engine of the lab has a client certificate, so none would be presented on any connection.',
  'preflight-bidi-id':
    "Only a driver sees the request ids of WebDriver BiDi, and two of the lab's engines use other protocols.",
  'status-text-h2': "The lab's servers use HTTP/1.1, which has reason phrases, unlike HTTP/2.",
  'redir-stream-body':
    "A request with a streamed body fails on HTTP/1.1, which the lab's servers use, before any redirect.",
  'file-origin':
    'The Standard leaves the origin of a file: page to the user agent, and the lab must serve its pages to reach them over a WebSocket.',
  'bad-port':
    'Script cannot tell a blocked port from one that is closed, and these fixed ports are not available everywhere.',
  'lna-public-to-local-prompt':
    "Only pages with a public address prompt for permission, and the lab's pages are on loopback; a page that its policy treats as public loses its channel to the lab.",
  'lna-denied':
    "Only a page with a public address can be denied the permission, and the lab's pages are on loopback.",
  'lna-mixed-content-relax':
    'Only http to a local address other than loopback is relaxed; http to loopback is never mixed content.',
};
