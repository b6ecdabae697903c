package manifest

// Scalars are the words for the shapes that scalars may be bound to; besides them,
// there are maps of one of them.
func Scalars() []string { return append(scalars(), "object", "any") }

// Protocols are the words for the protocols, in the order in which they are
// listed everywhere.
func Protocols() []string { return protocols() }

// Codes are the canonical status codes by the names that a manifest uses.
func Codes() []string { return codes() }

// SchemaURL is where the JSON Schema of manifests is published; it is also the
// schema's own id.
const SchemaURL = "https://raw.githubusercontent.com/triwire/authorizer-sdk/main/docs/manifest.schema.json"
