/** Spring MVC with Spring Boot: a CorsFilter before every other filter. */
import { indent, quoted, textOf } from './print.ts';
import { springImports, springNotes, springRules } from './spring.ts';
import type { Stack } from './types.ts';

export const springMvc: Stack = {
  id: 'spring-mvc',
  title: 'Spring MVC',
  ecosystem: 'maven',
  aliases: ['spring', 'spring-boot'],
  marks: {
    packages: ['spring-boot-starter-web', 'spring-boot-starter-webmvc', 'spring-webmvc'],
    headers: [],
  },
  docs: 'https://docs.spring.io/spring-framework/reference/web/webmvc-cors.html#mvc-cors-filter',
  configure: policy => ({
    files: [
      {
        path: 'CorsConfig.java',
        language: 'java',
        text: textOf([
          ...springImports(policy, [
            'org.springframework.boot.web.servlet.FilterRegistrationBean',
            'org.springframework.context.annotation.Bean',
            'org.springframework.context.annotation.Configuration',
            'org.springframework.core.Ordered',
            'org.springframework.web.filter.CorsFilter',
          ]),
          '/**',
          ' * A filter before all others, not addCorsMappings or @CrossOrigin: answers of other filters, such as 401, and unknown',
          ' * paths have the headers too.',
          ' */',
          '@Configuration',
          'public class CorsConfig {',
          ...indent(4, [
            ...springRules(policy),
            '',
            '@Bean',
            'FilterRegistrationBean<CorsFilter> corsFilter() {',
            '    var filter = new FilterRegistrationBean<>(new CorsFilter(rules()));',
            '    filter.setOrder(Ordered.HIGHEST_PRECEDENCE);',
            '    return filter;',
            '}',
          ]),
          '}',
        ]),
      },
    ],
    notes: springNotes,
  }),
  gettingStarted: {
    source: 'https://spring.io/guides/gs/rest-service-cors',
    files: ({ rules: [rule] }) => [
      {
        path: 'CorsConfig.java',
        language: 'java',
        text: textOf([
          'import org.springframework.context.annotation.Bean;',
          'import org.springframework.context.annotation.Configuration;',
          'import org.springframework.web.servlet.config.annotation.CorsRegistry;',
          'import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;',
          '',
          '@Configuration',
          'public class CorsConfig {',
          '    @Bean',
          '    public WebMvcConfigurer corsConfigurer() {',
          '        return new WebMvcConfigurer() {',
          '            @Override',
          '            public void addCorsMappings(CorsRegistry registry) {',
          `                registry.addMapping("/items").allowedOrigins(${rule.origins.exact.map(quoted).join(', ')});`,
          '            }',
          '        };',
          '    }',
          '}',
        ]),
      },
    ],
  },
};
