/** Every stack that a policy can be written for. */
import { didYouMean } from '../case/closest.ts';
import { actixCors } from './actix-cors.ts';
import { aiohttp } from './aiohttp.ts';
import { apache } from './apache.ts';
import { apiGateway } from './api-gateway.ts';
import { apolloServer } from './apollo-server.ts';
import { aspnetCore } from './aspnet-core.ts';
import { caddy } from './caddy.ts';
import { chi } from './chi.ts';
import { cloudflareWorkers } from './cloudflare-workers.ts';
import { cloudfront } from './cloudfront.ts';
import { django } from './django.ts';
import { echo } from './echo.ts';
import { echoV4 } from './echo-v4.ts';
import { elysia } from './elysia.ts';
import { envoy } from './envoy.ts';
import { express } from './express.ts';
import { fastapi } from './fastapi.ts';
import { fastify } from './fastify.ts';
import { fiber } from './fiber.ts';
import { fiberV2 } from './fiber-v2.ts';
import { flask } from './flask.ts';
import { gin } from './gin.ts';
import { graphqlYoga } from './graphql-yoga.ts';
import { h3 } from './h3.ts';
import { h3V1 } from './h3-v1.ts';
import { hapi } from './hapi.ts';
import { haproxy } from './haproxy.ts';
import { hono } from './hono.ts';
import { jub0bsCors } from './jub0bs-cors.ts';
import { koa } from './koa.ts';
import { laravel } from './laravel.ts';
import { lighttpd } from './lighttpd.ts';
import { litestar } from './litestar.ts';
import { nestjsExpress } from './nestjs-express.ts';
import { nestjsFastify } from './nestjs-fastify.ts';
import { next } from './next.ts';
import { nginx } from './nginx.ts';
import { nitro } from './nitro.ts';
import { quarkus } from './quarkus.ts';
import { rackCors } from './rack-cors.ts';
import { rsCors } from './rs-cors.ts';
import { s3 } from './s3.ts';
import { socketIo } from './socket-io.ts';
import { springMvc } from './spring-mvc.ts';
import { springSecurity } from './spring-security.ts';
import { sveltekit } from './sveltekit.ts';
import { tornado } from './tornado.ts';
import { towerHttp } from './tower-http.ts';
import { traefik } from './traefik.ts';
import { trpc } from './trpc.ts';
import type { Stack } from './types.ts';
import { vite } from './vite.ts';

export const ALL_STACKS: readonly Stack[] = [
  actixCors,
  aiohttp,
  apache,
  apiGateway,
  apolloServer,
  aspnetCore,
  caddy,
  chi,
  cloudflareWorkers,
  cloudfront,
  django,
  echoV4,
  echo,
  elysia,
  envoy,
  express,
  fastapi,
  fastify,
  fiberV2,
  fiber,
  flask,
  gin,
  graphqlYoga,
  h3V1,
  h3,
  hapi,
  haproxy,
  hono,
  jub0bsCors,
  koa,
  laravel,
  lighttpd,
  litestar,
  nestjsExpress,
  nestjsFastify,
  next,
  nginx,
  nitro,
  quarkus,
  rackCors,
  rsCors,
  s3,
  socketIo,
  springMvc,
  springSecurity,
  sveltekit,
  tornado,
  towerHttp,
  traefik,
  trpc,
  vite,
];

/** The stack of this id or other name; undefined if there is none. */
export function stackNamed(name: string): Stack | undefined {
  const wanted = name.toLowerCase();
  return ALL_STACKS.find(one => one.id === wanted || one.aliases?.includes(wanted));
}

/**
 * The stacks that a project's dependencies tell of, the surest first.
 * @param names of its dependencies, as its package manager spells them
 */
export function stacksOfPackages(names: Iterable<string>): Stack[] {
  const present = new Set(names);
  const sureness = ({ marks: { packages } }: Stack) => {
    const found = packages.filter(name => present.has(name)).length;
    // The CORS layer itself counts for more than what it is a part of.
    return found === 0 ? 0 : found + (present.has(packages[0] as string) ? 10 : 0);
  };
  const told = ALL_STACKS.filter(stack => sureness(stack) > 0).sort((a, b) => sureness(b) - sureness(a));
  const below = new Set(told.flatMap(({ marks }) => marks.on ?? []));
  const isBelow = ({ marks }: Stack) => Number(marks.packages.some(name => below.has(name)));
  // A project that builds its pages with Vite is served by something else.
  const isVite = ({ id }: Stack) => Number(id === 'vite');
  return told.sort((a, b) => isBelow(a) - isBelow(b) || isVite(a) - isVite(b));
}

/** The stacks that the files of a project tell of. @param names of the files in its root */
export function stacksOfFiles(names: Iterable<string>): Stack[] {
  const present = new Set(names);
  return ALL_STACKS.filter(stack => stack.marks.files?.some(name => present.has(name)));
}

type HeaderLines = readonly (readonly [string, string])[];

/** The stacks that the header lines of answers hint at. A guess: a proxy in front may hide the real one. */
export function stacksOfAnswers(answers: Iterable<HeaderLines>): Stack[] {
  const all = [...answers];
  return ALL_STACKS.filter(stack =>
    stack.marks.headers.some(([name, value]) =>
      all.some(lines => lines.some(([own, text]) => own.toLowerCase() === name && value.test(text))),
    ),
  );
}

/**
 * The stack of this name.
 * @throws RangeError that says which one may have been meant, and which ones there are
 */
export function requireStack(name: string): Stack {
  const found = stackNamed(name);
  if (found) return found;
  const names = ALL_STACKS.flatMap(one => [one.id, ...(one.aliases ?? [])]);
  const meant = didYouMean(name, names);
  const ids = ALL_STACKS.map(one => one.id).join(', ');
  throw new RangeError(`there is no stack "${name}".${meant} There are ${ids}`);
}
