/** Firefox behind a proxy, whoever starts it: all traffic goes through it, loopback too. */
export function proxyPrefs(proxy: { readonly host: string; readonly port: number }) {
  return {
    'network.proxy.type': 1,
    'network.proxy.http': proxy.host,
    'network.proxy.http_port': proxy.port,
    'network.proxy.ssl': proxy.host,
    'network.proxy.ssl_port': proxy.port,
    'network.proxy.no_proxies_on': '',
    'network.proxy.allow_hijacking_localhost': true,
  };
}
