# hawser as an image. The package that `npm pack` makes is all that goes in; Docker unpacks it, so that nothing has to run in a build:
#
#     npm pack --pack-destination build && docker build -t hawser -f Dockerfile build
#
# It holds every command: docker run --rm hawser template …; without one it serves.
FROM node:24-slim

# A tarball of npm's has everything below package/. What the launcher asks Node for is in bin/, the program in dist/, with all that it needs inside.
ADD hawser-*.tgz /opt/

# Of nobody's home: the root may be read-only. /data and /tmp are what it writes into, where they are given to it.
ENV NODE_ENV=production HOME=/tmp XDG_CACHE_HOME=/tmp/.cache
USER 1000:1000
WORKDIR /tmp

# The page, the API and webhooks; admission notices; metrics.
EXPOSE 8080 8443 8082

# By the port, and by Node alone: there need be no shell. HAWSER_HEALTH_URL where it listens elsewhere, or speaks HTTPS.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["node", "-e", "fetch(process.env.HAWSER_HEALTH_URL ?? 'http://127.0.0.1:8080/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]

ENTRYPOINT ["node", "/opt/package/bin/hawser.js"]
CMD ["serve", "--host", "0.0.0.0", "--data", "/data"]
