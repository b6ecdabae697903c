package keys

// maximal is a manifest that uses every object.
const maximal = `
version: 1
api: {name: shop, contract: 2.4}
contracts:
  graphql: {schema: schema.graphql, path: /graphql}
  rest: {documents: [openapi.yaml], base: /api, transcoded: true}
  grpc: {protos: proto, port: 9091, public_option: shop.v1.public}
output: {wire: gen, sdk: sdk, docs: docs/methods, package: shop, runtime: example.test/runtime}
naming: {initialisms: [id], types: {Response: Reply}}
scalars: {Long: int64, Labels: map<string>}
objects: [{rest: v1Data, grpc: shop.v1.Data, field: value}]
settings: [{name: key, doc: the key, secret: true}, {name: tenant, doc: the tenant, option: WithTenant}]
headers: [{name: x-key, value: "{key}", protocols: [rest]}]
services:
  - {name: main, doc: sells, client: Client, constructor: New, requires: [key], group: all, graphql: "{name}", rest: "/v1/{name}", grpc: "shop.v1.Shop/{Name}"}
fields: [{type: Item, field: id, graphql: ID, only: [graphql], reason: spelled so, doc: the id}]
docs: {Item: is an item}
secrets: [token]
defaults: [{field: tenant, setting: tenant, methods: [buy]}]
paging:
  - {style: number, request: page, page: number, answer: page, offset: offset, total: total}
tokens: {method: buy, constants: {kind: refresh}, refresh: refresh, access: access, expires_in: expires_in}
errors:
  messages: [{text: no, code: not_found}, {prefix: "bad ", code: internal}]
  extensions: {BAD: invalid_argument}
  codes: {gone: not_found}
  noncanonical_grpc: internal
ignored: [{graphql: old, reason: it is old}]
accepted: [{rule: int64-as-string, method: buy, type: Item, field: id, protocols: [rest], reason: so it is}]
groups: [{name: all, title: All, doc: everything}]
examples: {id: a1}
methods:
  - name: buy
    service: main
    doc: buys
    protocols: [graphql, rest, grpc]
    graphql: purchase
    rest: POST /v1/buy
    grpc: shop.v1.Shop/Buy
    envelope: {rest: item}
    answer: {graphql: item}
    destructive: true
    idempotent: true
    ends_session: true
    deprecated: use another
    secrets: [code]
    group: all
    credential: bearer
    errors: ["no"]
    example: {id: a1}
  - {name: fetch, service: main, doc: fetches, protocols: [rest], always: rest}
`
