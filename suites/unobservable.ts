/** Behaviours that no case can show here, each with the reason. */
export const unobservable: Readonly<Record<string, string>> = {
  'acao-default-port':
    'The lab serves its pages on free ports; a page on port 80 or 443 needs ports that cannot be had everywhere.',
  'preflight-no-client-cert':
    'No engine of the lab holds a client certificate, so it would present none on any connection, preflight or not.',
  'preflight-bidi-id':
    "The request ids of WebDriver BiDi are seen by a driver; page and server see none, and two of the lab's engines are driven by other protocols.",
  'status-text-h2': 'The lab’s servers speak HTTP/1.1, which has reason phrases; HTTP/2 has none.',
  'redir-stream-body':
    'A request with a streamed body fails on HTTP/1.1, which the lab’s servers speak, before any redirect can be answered.',
  'file-origin':
    'The Standard leaves the origin of a file: page to the user agent, and a page of the lab has to be served: it reaches the harness over a WebSocket to its own server.',
  'bad-port':
    'Script cannot tell a blocked port from one where nobody listens, and a server that listens on one of these fixed ports cannot be had everywhere.',
  'lna-public-to-local-prompt':
    'Only pages with a public address are asked, and loopback serves none; a page that its policy makes public loses the channel over which the lab talks to it.',
  'lna-denied':
    'Only a page with a public address can be denied the permission, and the lab’s pages are on loopback.',
  'lna-mixed-content-relax':
    'What is relaxed is http to a local address that is not loopback; http to loopback is trustworthy and never mixed content.',
};
