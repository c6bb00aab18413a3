FROM node:22-bookworm-slim AS build
WORKDIR /app
# Used only where no prebuilt better-sqlite3 can be fetched.
RUN apt-get update && apt-get install -y --no-install-recommends python3 make g++

COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts && npm rebuild better-sqlite3

COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts


FROM node:22-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0

COPY --from=build /app/package.json /app/prisma.config.ts ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/prisma ./prisma
COPY --from=build /app/public ./public
COPY --from=build /app/views ./views
COPY --from=build /app/src/texts ./src/texts
COPY --from=build /app/dist ./dist

# The database and the generated secrets: the one folder to keep and to back up.
RUN install -d -o node -g node -m 700 data
VOLUME /app/data
USER node
EXPOSE 3000

HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/src/server.js"]
