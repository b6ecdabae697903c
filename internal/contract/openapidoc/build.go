package openapidoc

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/diag"
)

const formMedia = "application/x-www-form-urlencoded"

// anyMedia stands for every media type, and so for JSON.
const anyMedia = "*/*"

// deprecated is the reason of a deprecation; OpenAPI has no place for one.
const deprecated = "deprecated"

// builder turns the merged document into the neutral model.
type builder struct {
	src *source
	doc *openapi3.T
	out *contract.Contract
	// names finds the object that a schema is, components any named schema.
	names, components map[*openapi3.Schema]string
	// tells are the properties by which unions tell their variants, by variant,
	// where the variant is used in unions only.
	tells map[string]string
	// enums holds those that are used.
	enums map[*openapi3.Schema]*contract.Enum
}

func (b *builder) build() {
	b.names, b.components = map[*openapi3.Schema]string{}, map[*openapi3.Schema]string{}
	b.enums = map[*openapi3.Schema]*contract.Enum{}
	schemas := b.doc.Components.Schemas
	// The messages come into being first and get their fields second, since
	// schemas may refer to each other in circles.
	for _, name := range slices.Sorted(maps.Keys(schemas)) {
		ref := schemas[name]
		if ref.Ref == "" {
			b.components[ref.Value] = name
		}
		if ref.Ref == "" && (isObject(ref.Value) || isUnion(ref.Value)) {
			b.names[ref.Value] = name
			b.out.Messages[name] = &contract.Message{
				Name:    name,
				Pos:     b.src.near(pointer("/components/schemas", name)),
				Doc:     ref.Value.Description,
				Details: &contract.MessageDetails{Kind: "schema", Limits: messageLimits(ref.Value)},
			}
		}
	}
	typeAliases(b.out.Messages)
	b.discriminators(schemas)
	for name, msg := range b.out.Messages {
		b.fields(msg, schemas[name].Value)
	}
	for path, item := range b.doc.Paths.Map() {
		for verb, op := range item.Operations() {
			key := verb + " " + path
			b.out.Operations[key] = b.operation(key, path, verb, item, op)
		}
	}
}

// isObject tells whether the schema is an object, with or without properties.
func isObject(s *openapi3.Schema) bool {
	return s.Type.Is("object") || s.Type.Includes("object") && s.Type.Includes("null") || s.Type == nil && len(s.Properties) > 0
}

func (b *builder) fields(msg *contract.Message, s *openapi3.Schema) {
	msg.Unsupported = composed(s)
	if s.Discriminator != nil && !isUnion(s) {
		msg.Unsupported = "has other schemas under it that its discriminator tells: list them in a schema with oneOf"
	}
	if msg.Unsupported == "" && len(s.Properties) > 0 && (s.AdditionalProperties.Schema != nil || isTrue(s.AdditionalProperties.Has)) {
		msg.Unsupported = "has additionalProperties beside its properties"
	}
	if isUnion(s) {
		b.variants(msg, s)
		return
	}
	base := pointer("/components/schemas", msg.Name, "properties")
	for name, ref := range s.Properties {
		if property, tells := b.tells[msg.Name]; tells && property == name {
			continue // the union says which variant it is
		}
		required := slices.Contains(s.Required, name)
		nullable := isNullable(ref.Value) || marked(ref)
		f := &contract.Field{
			Name:     name,
			Pos:      b.src.near(pointer(base, name)),
			Type:     b.typeOf(ref),
			Required: required,
			Presence: !required || nullable,
			Nullable: nullable || ref.Value.Items != nil && isNullable(ref.Value.Items.Value),
			Details:  b.fieldDetails(ref),
		}
		enumPlace(f.Type, f.Pos)
		// What a reference leads to is described as a message of its own. The parser
		// has a copy of it where something of its own stands beside the reference.
		if ref.Ref == "" || ref.Value != b.target(ref) && ref.Value.Description != b.target(ref).Description {
			f.Doc = ref.Value.Description
		}
		if (ref.Ref == "" || ref.Value != b.target(ref)) && ref.Value.Deprecated {
			f.Deprecated = deprecated
		}
		msg.Fields = append(msg.Fields, f)
	}
	// In the order of the file; the parser keeps none.
	slices.SortFunc(msg.Fields, func(x, y *contract.Field) int {
		return cmp.Or(cmp.Compare(x.Pos.Line, y.Pos.Line), cmp.Compare(x.Pos.Col, y.Pos.Col), cmp.Compare(x.Name, y.Name))
	})
	aliases(msg)
}

// enumPlace gives an enum that is listed in place the place of what is of its type.
func enumPlace(t contract.Type, pos diag.Pos) {
	e := t.Leaf().Enum
	if e == nil || e.Name != "" || e.Pos != (diag.Pos{}) {
		return
	}
	e.Pos = pos
	for i := range e.Values {
		e.Values[i].Pos = pos
	}
}

func isTrue(b *bool) bool { return b != nil && *b }

// marked tells whether a reference may also be null.
func marked(ref *openapi3.SchemaRef) bool { return ref.Extensions[nullMark] == true }

func isNullable(s *openapi3.Schema) bool {
	return s != nil && (s.Nullable || s.Type.Includes("null"))
}

func (b *builder) operation(key, path, verb string, item *openapi3.PathItem, in *openapi3.Operation) *contract.Operation {
	op := &contract.Operation{
		Key:         key,
		Pos:         b.src.near(pointer("/paths", path, strings.ToLower(verb))),
		Kind:        contract.KindHTTP,
		Doc:         cmp.Or(in.Description, in.Summary),
		OperationID: in.OperationID,
	}
	if in.Deprecated {
		op.Deprecated = deprecated
	}
	if in.Servers != nil && len(*in.Servers) > 0 {
		op.Unsupported = fmt.Sprintf("is on a server of its own, %s, which is not among the document's servers; the SDK calls one server", (*in.Servers)[0].URL)
	}
	parameters := b.parametersOf(path, verb, item, in)
	b.params(op, parameters)
	b.request(op, in)
	b.response(op, in)
	op.Details = b.operationDetails(parameters, in)
	return op
}

func (b *builder) request(op *contract.Operation, in *openapi3.Operation) {
	if in.RequestBody == nil {
		return
	}
	content := in.RequestBody.Value.Content
	media := b.bodyMedia(content)
	if media == "" && content[formMedia] != nil {
		media = formMedia
	}
	if media == "" {
		op.Unsupported = "has a body that is neither JSON nor a form: " + strings.Join(slices.Sorted(maps.Keys(content)), ", ")
		return
	}
	op.MediaType = media
	if media == anyMedia {
		op.MediaType = "application/json"
	}
	schema := schemaOf(content, media)
	if schema == nil {
		op.Unsupported = "has a body without a schema"
		return
	}
	op.Request = b.out.Messages[b.names[b.target(schema)]]
	if whole := b.target(schema); isObject(whole) && len(whole.Properties) == 0 && isMap(whole) && media != formMedia {
		op.Request = nil // not an object without fields, but a map
	}
	if op.Request == nil {
		b.bareBody(op, schema, media)
	}
	if op.Form = media == formMedia; op.Form && op.Request != nil {
		op.NotInForm = notInForm(op.Request, content[media].Encoding)
	}
}

// bareBody takes a body that is no object with properties as one value.
func (b *builder) bareBody(op *contract.Operation, schema *openapi3.SchemaRef, media string) {
	t := b.typeOf(schema)
	switch {
	case t.Leaf().Scalar == contract.ScalarUnsupported:
		op.Unsupported = "has a body that " + t.Leaf().Reason
	case media == formMedia:
		op.Unsupported = "has a form that is not an object"
	default:
		op.Body = t
		enumPlace(t, op.Pos)
	}
}

// bodyMedia is the JSON media type to send: of several, one with an object, as
// that of patches in the form of what they change is.
func (b *builder) bodyMedia(content openapi3.Content) string {
	first := jsonMedia(content)
	if content["application/json"] != nil {
		return first
	}
	for _, media := range slices.Sorted(maps.Keys(content)) {
		one := openapi3.Content{media: content[media]}
		if schema := schemaOf(one, jsonMedia(one)); schema != nil && b.names[b.target(schema)] != "" {
			return media
		}
	}
	return first
}

// response takes the JSON schema of the success answer. An object without
// properties says as much as no content.
func (b *builder) response(op *contract.Operation, in *openapi3.Operation) {
	answer := success(in.Responses)
	if answer == nil {
		if !onlyErrors(in.Responses) {
			op.Unsupported = "describes no answer of success (200 or another 2xx)"
		}
		return
	}
	op.MayBeEmpty = b.severalAnswers(op, in.Responses)
	for _, status := range slices.Sorted(maps.Keys(in.Responses.Map())) {
		if one := in.Responses.Map()[status]; strings.HasPrefix(status, "2") && len(one.Value.Content) > 0 {
			answer = one
			break
		}
	}
	content := answer.Value.Content
	if len(content) == 0 {
		return
	}
	media := jsonMedia(content)
	if media == "" {
		op.Unsupported = "has an answer that is not JSON: " + strings.Join(slices.Sorted(maps.Keys(content)), ", ")
		return
	}
	schema := schemaOf(content, media)
	if schema == nil || isObject(schema.Value) && len(schema.Value.Properties) == 0 && composed(schema.Value) == "" && !isMap(schema.Value) {
		return
	}
	op.Response = b.typeOf(schema)
	enumPlace(op.Response, op.Pos)
}

// schemaOf is the schema of a media type, nil without one.
func schemaOf(content openapi3.Content, media string) *openapi3.SchemaRef {
	if m := content[media]; m != nil && m.Schema != nil && m.Schema.Value != nil {
		return m.Schema
	}
	return nil
}

// success is the answer of success: 200, 201, or the lowest other 2xx.
func success(responses *openapi3.Responses) *openapi3.ResponseRef {
	if responses == nil {
		return nil
	}
	all := responses.Map()
	for _, status := range slices.Sorted(maps.Keys(all)) {
		if strings.HasPrefix(status, "2") {
			return all[status]
		}
	}
	return nil
}

// onlyErrors tells whether the answers that are described are errors, and one for
// all others that holds nothing: success then is an answer of which nothing is said.
func onlyErrors(responses *openapi3.Responses) bool {
	if responses == nil {
		return false
	}
	for status, answer := range responses.Map() {
		isError := strings.HasPrefix(status, "4") || strings.HasPrefix(status, "5")
		if !isError && (status != "default" || answer.Value == nil || len(answer.Value.Content) > 0) {
			return false
		}
	}
	return responses.Len() > 0
}

// severalAnswers looks at all answers of success. If they hold different things,
// no type can stand for all of them. It tells whether one of several holds nothing.
func (b *builder) severalAnswers(op *contract.Operation, responses *openapi3.Responses) (empty bool) {
	holds := func(answer *openapi3.ResponseRef) string {
		if schema := schemaOf(answer.Value.Content, jsonMedia(answer.Value.Content)); schema != nil {
			return b.text(schema, 0)
		}
		return strings.Join(slices.Sorted(maps.Keys(answer.Value.Content)), ", ")
	}
	all := responses.Map()
	first, firstStatus := "", ""
	for _, status := range slices.Sorted(maps.Keys(all)) {
		if !strings.HasPrefix(status, "2") {
			continue
		}
		switch what := holds(all[status]); {
		case what == "":
			empty = true
		case first == "":
			first, firstStatus = what, status
		case what != first:
			op.Unsupported = fmt.Sprintf("has answers of success that hold different things: %s for status %s, %s for status %s", first, firstStatus, what, status)
		}
	}
	return empty && first != ""
}

// jsonMedia is the JSON media type of a content, empty without one.
func jsonMedia(content openapi3.Content) string {
	if content["application/json"] != nil {
		return "application/json"
	}
	for _, media := range slices.Sorted(maps.Keys(content)) {
		kind, _, _ := strings.Cut(media, ";")
		if kind = strings.TrimSpace(kind); kind == "application/json" || strings.HasSuffix(kind, "+json") {
			return media
		}
	}
	if content[anyMedia] != nil {
		return anyMedia
	}
	return ""
}
