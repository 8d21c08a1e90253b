/** Spring Security, whose filter chain answers preflights before it asks who it is. */
import { indent, quoted, textOf } from './print.ts';
import { springImports, springNotes, springRules } from './spring.ts';
import type { ConfiguredFile, Stack } from './types.ts';

const chain = (lines: readonly string[]): ConfiguredFile => ({
  path: 'security-filter-chain.java',
  language: 'java',
  text: textOf(lines),
});

export const springSecurity: Stack = {
  id: 'spring-security',
  title: 'Spring Security',
  ecosystem: 'maven',
  optionsOf: 'spring',
  marks: {
    packages: ['spring-boot-starter-security', 'spring-security-web', 'spring-boot-starter-web'],
    headers: [],
  },
  docs: 'https://docs.spring.io/spring-security/reference/servlet/integrations/cors.html',
  configure: policy => ({
    files: [
      {
        path: 'CorsConfig.java',
        language: 'java',
        text: textOf([
          ...springImports(policy, [
            'org.springframework.context.annotation.Bean',
            'org.springframework.context.annotation.Configuration',
          ]),
          '@Configuration',
          'public class CorsConfig {',
          ...indent(4, [
            ...springRules(policy),
            '',
            '@Bean',
            'CorsConfigurationSource corsConfigurationSource() {',
            '    return rules();',
            '}',
          ]),
          '}',
        ]),
      },
      chain([
        '// In every SecurityFilterChain: it takes the bean above, before authentication.',
        'http.cors(org.springframework.security.config.Customizer.withDefaults());',
      ]),
    ],
    notes: springNotes,
  }),
  gettingStarted: {
    source: 'https://docs.spring.io/spring-security/reference/servlet/integrations/cors.html',
    files: ({ rules: [rule] }) => [
      {
        path: 'CorsConfig.java',
        language: 'java',
        text: textOf([
          'import java.util.Arrays;',
          'import org.springframework.context.annotation.Bean;',
          'import org.springframework.context.annotation.Configuration;',
          'import org.springframework.web.cors.CorsConfiguration;',
          'import org.springframework.web.cors.UrlBasedCorsConfigurationSource;',
          '',
          '@Configuration',
          'public class CorsConfig {',
          '    @Bean',
          '    UrlBasedCorsConfigurationSource corsConfigurationSource() {',
          '        CorsConfiguration configuration = new CorsConfiguration();',
          `        configuration.setAllowedOrigins(Arrays.asList(${rule.origins.exact.map(quoted).join(', ')}));`,
          '        configuration.setAllowedMethods(Arrays.asList("GET","POST"));',
          '        UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();',
          '        source.registerCorsConfiguration("/**", configuration);',
          '        return source;',
          '    }',
          '}',
        ]),
      },
      chain(['http.cors(org.springframework.security.config.Customizer.withDefaults());']),
    ],
  },
};
