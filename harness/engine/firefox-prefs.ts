/** Firefox's preferences, whoever starts it. None of these changes what a page asks for. */

export type FirefoxPrefs = Readonly<Record<string, string | number | boolean>>;

/** Mozilla's own services, which a stock Firefox asks in the background. */
export const QUIET_PREFS: FirefoxPrefs = {
  'app.normandy.enabled': false,
  'browser.region.network.url': '',
  'browser.region.update.enabled': false,
  'dom.push.connection.enabled': false,
  'extensions.blocklist.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.trr.mode': 5,
  'services.settings.server': 'data:,#remote-settings-dummy/v1',
  'toolkit.telemetry.server': '',
};

/** Behind a proxy: all traffic goes through it, loopback too. */
export const proxyPrefs = (proxy: { readonly host: string; readonly port: number }): FirefoxPrefs => ({
  'network.proxy.type': 1,
  'network.proxy.http': proxy.host,
  'network.proxy.http_port': proxy.port,
  'network.proxy.ssl': proxy.host,
  'network.proxy.ssl_port': proxy.port,
  'network.proxy.no_proxies_on': '',
  'network.proxy.allow_hijacking_localhost': true,
});
