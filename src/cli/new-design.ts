/** What `tenfold new` writes: a small web shop that holds its goals, with the words explained where they stand. */
export function newDesign(name: string): string {
  return `# A small web shop. Change it into your system, and ask again:
#
${commandsOf(name)}
name: ${name}
summary: a web shop with 2M products and 4M page views a day

# What is stored. Few products get most of the views: that is what makes a cache worth having.
data:
  product: { count: 2M, size: 2KB, popularity: zipf(1.0) }
  order: { count: 10M, size: 1KB, growth: 400k/day, keep: 5y }

# Who asks for what, and how often. The simulation runs at the peak: rate times peak.
traffic:
  shoppers: { call: front.view, rate: 4M/day, peak: 4x, key: product, timeout: 2s }
  buyers: { call: front.buy, rate: 400k/day, peak: 4x, key: new order }

components:
  front:
    kind: load-balancer
    algorithm: least-connections
    to: shop

  shop:
    kind: service
    instances: 2
    cores: 2
    operations:
      view:
        - compute: "lognormal(p50: 6ms, p99: 25ms)" # or just a time, or exponential(7ms)
        - read: product # asks the cache first, and fills it after a miss
          from: store
          through: hot-products
          timeout: 500ms
      buy:
        - compute: "lognormal(p50: 12ms, p99: 50ms)"
        - write: order
          to: store

  hot-products: { kind: cache, engine: redis, holds: product, memory: 500MB, evict: lru, ttl: 1h ± 10% }

  store: { kind: database, engine: postgres, stores: [product, order], connections: 50 }

# What has to hold. \`tenfold simulate\` ends with status 1 when a goal is missed, so a build can check it.
goals:
  shoppers: { p99: 100ms, success: 99.9% }
  buyers: { p99: 250ms }

decisions:
  - chose: reading products through a cache
    over: reading every product from the database
    because: a few products get most of the views
    costs: a changed price shows up to an hour late
`;
}

/** Commands and what they are for, in two columns whatever the length of the name. */
function commandsOf(name: string): string {
  const commands = [
    [`tenfold check ${name}.yaml`, 'is it a design?'],
    [`tenfold estimate ${name}.yaml`, 'the back-of-the-envelope sheet (--explain shows the working)'],
    [`tenfold simulate ${name}.yaml`, 'request by request, with error bars'],
    ['tenfold kinds cache', 'what a component can be told'],
  ] as const;
  const width = Math.max(...commands.map(([command]) => command.length));
  return commands.map(([command, purpose]) => `#   ${command.padEnd(width)}   ${purpose}`).join('\n');
}
