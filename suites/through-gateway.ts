/** Behaviours that cannot show through a proxy, which the recording gateway is to the browser, each with the reason. */
export const notThroughGateway: Readonly<Record<string, string>> = {
  'preflight-407': 'status 407 from a proxy is the proxy asking for authentication, whoever made the answer',
  'status-407': 'status 407 from a proxy is the proxy asking for authentication, whoever made the answer',
  'mixed-content': 'a browser behind a proxy does not tell by address where a request would go',
  'lna-loopback-to-loopback':
    'Local Network Access checks are off behind the gateway: every origin has its address',
};
