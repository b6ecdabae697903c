package resolve

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// all stands, where a field is named, for all fields.
const all = "*"

// requestPart is what a binding's request is laid over as: the contract's own
// message, or one that is put together from the parameters and from what carries
// the rest, the body or GraphQL's one input object.
func (r *resolver) requestPart(one *row, b *ir.Binding) *contract.Message {
	op := b.Operation
	field := r.carrierField(one, b)
	if len(op.Params) == 0 && field == all && !(b.Streams && b.Protocol == ir.REST) && op.Body.Scalar == contract.ScalarNone {
		return bodyOf(op)
	}
	p := &part{r: r, one: one, b: b, message: &contract.Message{
		Name: op.Key, Pos: op.Pos, Doc: op.Doc, Parts: &contract.Parts{}, Details: &contract.MessageDetails{Kind: "request"},
	}}
	rule := r.httpRule(one, b)
	var dotted []*contract.Field
	for _, param := range op.Params {
		f := *param
		place := *param.Place
		place.Pattern = rule.Pattern(param.Name)
		f.Place = &place
		if b.Protocol == ir.REST && strings.Contains(f.Name, ".") {
			dotted = append(dotted, &f)
			continue
		}
		p.message.Fields = append(p.message.Fields, &f)
	}
	p.carrier(field)
	p.bareBody()
	for _, f := range dotted {
		p.dotted(f, field)
	}
	p.content(field)
	return p.message
}

// part is a request in the making.
type part struct {
	r       *resolver
	one     *row
	b       *ir.Binding
	message *contract.Message
}

// carrier adds the field that what carries the rest is, if it is one.
func (p *part) carrier(field string) {
	op := p.b.Operation
	if op.Request == nil || field == all {
		return
	}
	f := &contract.Field{
		Name: field, Pos: op.Pos, Presence: true,
		Type:    contract.Type{Scalar: contract.ScalarMessage, Message: op.Request, Wire: op.Request.Name},
		Details: &contract.FieldDetails{Type: contract.TypeDetails{Text: op.Request.Name}},
		Place:   &contract.Place{In: contract.InBody},
	}
	if p.b.Protocol == ir.GraphQL {
		f.Required = !op.RequestOptional
		f.Place = &contract.Place{In: contract.InArgument, Type: op.RequestType}
		f.Place.Name = op.RequestName
	} else if op.Details != nil {
		f.Required = op.Details.BodyRequired
	}
	p.message.Fields = append(p.message.Fields, f)
}

// bareBody adds the field that a body is which is no object.
func (p *part) bareBody() {
	op := p.b.Operation
	if op.Body.Scalar == contract.ScalarNone {
		return
	}
	f := &contract.Field{
		Name: p.bodyName(), Pos: op.Pos, Type: op.Body,
		Required: op.Details.BodyRequired, Presence: !op.Details.BodyRequired || op.Details.Body.Nullable,
		Nullable: op.Details.Body.Nullable || op.Details.Body.NullableItem,
		Details:  &contract.FieldDetails{Type: op.Details.Body},
		Place:    &contract.Place{In: contract.InBody},
	}
	p.message.Fields = append(p.message.Fields, f)
}

// bodyName is the field that such a body is: as the row or the google.api.http rule
// says it, or the field of its type that the request of another protocol has beside
// the parameters, or the usual name.
func (p *part) bodyName() string {
	op := p.b.Operation
	rule := p.r.httpRule(p.one, p.b).Body
	for _, name := range []string{p.one.manifest.Body[string(p.b.Protocol)].Value, rule} {
		if name != "" && name != all {
			return name
		}
	}
	for _, other := range []ir.Protocol{ir.GRPC, ir.GraphQL} {
		b := p.one.Binding(other)
		if b == nil {
			continue
		}
		fields := b.Operation.Params
		if b.Operation.Request != nil {
			fields = append(slices.Clone(fields), b.Operation.Request.Fields...)
		}
		fields = slices.DeleteFunc(slices.Clone(fields), func(f *contract.Field) bool {
			return p.r.sameParam(p.message, f) != nil || !sameShape(shapeOf(f.Type), shapeOf(op.Body))
		})
		if len(fields) == 1 {
			return fields[0].Name
		}
	}
	if op.Body.List {
		return bareList
	}
	return bareValue
}

// dotted adds a parameter with dots in its name: in the path, a field of a field
// that the body has; or else a field of a message that another protocol has under
// the name before the dot; or else a field of that name.
func (p *part) dotted(f *contract.Field, carrier string) {
	first, _, _ := strings.Cut(f.Name, ".")
	inBody := p.message.Field(first)
	if inBody != nil && inBody.Place.In != contract.InBody {
		inBody = nil
	}
	if request := p.b.Operation.Request; inBody == nil && request != nil && carrier == all {
		inBody = request.Field(first)
	}
	elsewhere := p.elsewhere(first)
	switch {
	case inBody != nil && f.Place.In == contract.InPath:
		p.within(f, inBody)
	case inBody != nil && elsewhere != nil:
		p.unusable(f, "has the parameter %q, which is a field of a field that the body has", f.Name)
	case elsewhere != nil:
		p.spread(p.message, f, f.Name, elsewhere)
	default:
		p.message.Fields = append(p.message.Fields, f)
	}
}

// within adds a variable of the path that is a field of a field of the body.
func (p *part) within(f, next *contract.Field) {
	within := &contract.Within{Name: f.Name, Place: f.Place}
	_, rest, _ := strings.Cut(f.Name, ".")
	p.bound(f, next, rest)
	for next != nil {
		within.Fields = append(within.Fields, next)
		if rest == "" {
			break
		}
		var first string
		first, rest, _ = strings.Cut(rest, ".")
		next = p.r.fieldOf(next.Type.Message, first)
	}
	if next == nil || !next.Type.Single() || next.Type.Message != nil {
		p.unusable(f, "has the parameter %q, which is no single value in the body", f.Name)
		return
	}
	p.message.Parts.Within = append(p.message.Parts.Within, within)
}

// bound adds to the body's message a field that only the path has, as gateways
// describe it, where the request has it over another protocol.
func (p *part) bound(f, body *contract.Field, name string) {
	m := body.Type.Message
	if m == nil || body.Place == nil || body.Place.In != contract.InBody || strings.Contains(name, ".") || p.r.fieldOf(m, name) != nil {
		return
	}
	if other := p.elsewhere(body.Name); other == nil || p.r.fieldOf(other, name) == nil {
		return
	}
	field, place := *f, *f.Place
	field.Name, field.Place = name, &place
	place.Name = f.Name
	extended := *m
	extended.Fields = append(slices.Clone(m.Fields), &field)
	body.Type.Message = &extended
}

// elsewhere is the message that the request has under a name over another
// protocol; nil if there is none.
func (p *part) elsewhere(name string) *contract.Message {
	for _, protocol := range canonicalOrder() {
		b := p.one.Binding(protocol)
		if b == nil || b == p.b {
			continue
		}
		f := p.r.fieldOf(b.Operation.Request, name)
		for _, param := range b.Operation.Params {
			if SameName(param.Name, name) {
				f = param
			}
		}
		if b.Protocol == ir.GraphQL && f == nil && SameName(b.Operation.RequestName, name) {
			return b.Operation.Request
		}
		if f != nil && f.Type.Message != nil && f.Type.Single() {
			return f.Type.Message
		}
	}
	return nil
}

// spread adds a parameter as a field of the message that it is a part of, as far
// as other protocols have messages for the names between its dots.
func (p *part) spread(into *contract.Message, f *contract.Field, name string, elsewhere *contract.Message) {
	first, rest, _ := strings.Cut(name, ".")
	group := into.Field(first)
	if group == nil {
		owner := into.Name
		if into == p.message {
			owner = p.one.GoName
		}
		m := &contract.Message{Name: owner + "/" + first, Pos: f.Pos, Spread: true, Details: &contract.MessageDetails{Kind: "parameters"}}
		group = &contract.Field{
			Name: first, Pos: f.Pos, Presence: true,
			Type:    contract.Type{Scalar: contract.ScalarMessage, Message: m, Wire: m.Name},
			Details: &contract.FieldDetails{Type: contract.TypeDetails{Text: strings.TrimSuffix(f.Name, rest) + "*"}},
			Place:   &contract.Place{In: contract.InParts},
		}
		into.Fields = append(into.Fields, group)
	}
	if group.Place.In != contract.InParts || group.Type.Message == nil {
		p.unusable(f, "has the parameters %q and %q, of which one is a field of the other", first, f.Name)
		return
	}
	next, _, deeper := strings.Cut(rest, ".")
	if inner := p.r.fieldOf(elsewhere, next); deeper && inner != nil && inner.Type.Message != nil && inner.Type.Single() {
		p.spread(group.Type.Message, f, rest, inner.Type.Message)
		return
	}
	f.Place.Name, f.Name = cmp.Or(f.Place.Name, f.Name), rest
	group.Type.Message.Fields = append(group.Type.Message.Fields, f)
}

func (p *part) unusable(f *contract.Field, format string, args ...any) {
	p.r.add(UnusableOperation.ofMethod(p.one.Name), f.Pos, "leave rest out of the row's protocols, or change the contract",
		"method %s: operation %s cannot be called: "+format, append([]any{p.one.Name, p.b.Operation.Key}, args...)...)
}

// content adds the fields of what carries the rest, if they are fields of the
// request. What a parameter says too stands in both places only where the
// content demands it.
func (p *part) content(field string) {
	op := p.b.Operation
	if op.Request == nil || field != all {
		return
	}
	p.message.Parts.Content = op.Request
	p.message.Parts.ContentName, p.message.Parts.ContentType = op.RequestName, op.RequestType
	for _, cf := range bodyOf(op).Fields {
		f := *cf
		f.Place = &contract.Place{In: contract.InContent}
		if same := p.r.sameParam(p.message, &f); same != nil {
			if f.Required {
				same.Place.Repeated = cf
			}
			continue
		}
		p.message.Fields = append(p.message.Fields, &f)
	}
}

// bodyOf is the message that carries the rest, as a form has it where it is one:
// single values, and lists that are not empty.
func bodyOf(op *contract.Operation) *contract.Message {
	if op.Request == nil || !op.Form {
		return op.Request
	}
	out := *op.Request
	out.Fields = make([]*contract.Field, len(op.Request.Fields))
	for i, f := range op.Request.Fields {
		field := *f
		if reason := op.NotInForm[f.Name]; reason != "" {
			field.Type = contract.Type{Scalar: contract.ScalarUnsupported, Wire: f.Type.Wire, Reason: reason}
		}
		field.Presence = field.Presence && !field.Type.List
		out.Fields[i] = &field
	}
	return &out
}

// sameParam is the parameter that says the same as a field of the content.
func (r *resolver) sameParam(m *contract.Message, f *contract.Field) *contract.Field {
	for _, p := range m.Fields {
		if p.Place.In != contract.InContent && SameName(p.Name, f.Name) {
			return p
		}
	}
	return nil
}

// carrierField is the field of the request that the body, or GraphQL's one input
// object, is; "*" if its fields are fields of the request. The row says so, or
// the contracts do.
func (r *resolver) carrierField(one *row, b *ir.Binding) string {
	body, said := one.manifest.Body[string(b.Protocol)]
	if said && b.Operation.Request != nil && b.Protocol != ir.GRPC {
		return body.Value
	}
	return Carrier(b.Protocol, b.Operation, one.grpc())
}

// Carrier is what carrierField is without a word in the row: the google.api.http
// rule of the same method says it, or the gRPC request has a message of the
// argument's name. grpc may be nil.
func Carrier(p ir.Protocol, op, grpc *contract.Operation) string {
	switch {
	case op.Request == nil || p == ir.GRPC:
	case p == ir.GraphQL && op.RequestOptional && len(op.Params) > 0:
		return op.RequestName // with its fields spread, it could not be left out
	case p == ir.REST:
		if body := ruleOf(op, grpc).Body; body != "" {
			return body
		}
		if first := withinBody(op); first != "" {
			return first
		}
	case grpc != nil:
		if f := theField(grpc.Request, op.RequestName); f != nil && f.Type.Message != nil && f.Type.Single() {
			return f.Name
		}
	}
	return all
}

// CarrierLike is the one field of the gRPC request that holds what the body, or
// the input object, of the same method over another protocol holds; nil if there is
// none, or if the request itself has as much of it.
func CarrierLike(op, grpc *contract.Operation) *contract.Field {
	if op.Request == nil || grpc == nil || grpc.Request == nil {
		return nil
	}
	var found *contract.Field
	most := sharedFields(op.Request, grpc.Request)
	for _, f := range grpc.Request.Fields {
		isParam := slices.ContainsFunc(op.Params, func(p *contract.Field) bool { return SameName(p.Name, f.Name) })
		if f.Type.Message == nil || !f.Type.Single() || isParam || theField(op.Request, f.Name) != nil {
			continue
		}
		switch n := sharedFields(op.Request, f.Type.Message); {
		case n > most && n*2 >= len(op.Request.Fields):
			found, most = f, n
		case found != nil && n == most:
			found = nil // neither of two is the one
		}
	}
	return found
}

// sharedFields counts the fields of a that b has.
func sharedFields(a, b *contract.Message) int {
	n := 0
	for _, f := range a.Fields {
		if theField(b, f.Name) != nil {
			n++
		}
	}
	return n
}

// withinBody is the field that the body is, as a variable of the path tells that
// is a field of it: "{book.name}", where the body has no field "book" itself.
func withinBody(op *contract.Operation) string {
	for _, p := range op.Params {
		first, _, nested := strings.Cut(p.Name, ".")
		if nested && p.Place.In == contract.InPath && op.Request.Field(first) == nil {
			return first
		}
	}
	return ""
}

// grpc is the row's gRPC method; nil: it has none.
func (one *row) grpc() *contract.Operation {
	if b := one.Binding(ir.GRPC); b != nil {
		return b.Operation
	}
	return nil
}

// httpRule is the google.api.http rule of the row's gRPC method that its REST
// operation is; zero if there is none.
func (r *resolver) httpRule(one *row, b *ir.Binding) contract.HTTPBinding {
	if b.Protocol != ir.REST {
		return contract.HTTPBinding{}
	}
	return ruleOf(b.Operation, one.grpc())
}

// ruleOf is the google.api.http rule of a gRPC method that the REST operation
// is; zero if there is none.
func ruleOf(op, grpc *contract.Operation) contract.HTTPBinding {
	if grpc == nil {
		return contract.HTTPBinding{}
	}
	for _, rule := range grpc.HTTP {
		if rule.Is(op.WithoutBase()) || rule.Is(op.Key) {
			return rule
		}
	}
	return contract.HTTPBinding{}
}

// bodies reports what a row says of bodies that its operations do not have.
func (r *resolver) bodies(one *row) {
	for _, p := range slices.Sorted(maps.Keys(one.manifest.Body)) {
		body := one.manifest.Body[p]
		b := one.Binding(ir.Protocol(p))
		switch {
		case b == nil: // reported elsewhere, as a body over gRPC is
		case b.Operation.Body.Scalar != contract.ScalarNone && body.Value == all:
			r.add(UnusableEntry.ofMethod(one.Name), body.Pos, "name the field of the request that it is", "method %s: the body of %s is not an object, whose fields could be those of the request", one.Name, b.Operation.Key)
		case b.Operation.Request == nil && b.Operation.Body.Scalar == contract.ScalarNone:
			r.add(UnusableEntry.ofMethod(one.Name), body.Pos, "remove it", "method %s: %s has %s", one.Name, b.Operation.Key, noCarrier(b))
		}
	}
}

func noCarrier(b *ir.Binding) string {
	if b.Protocol == ir.GraphQL {
		return "not exactly one argument that is an input object"
	}
	return "no body"
}

// inContent tells whether a request has the field among those of what carries the
// rest.
func inContent(m *contract.Message, name string) bool {
	f := m.Field(name)
	return m.Parts != nil && f != nil && f.Place != nil && f.Place.In == contract.InContent
}

func carrierWord(p ir.Protocol) string {
	if p == ir.GraphQL {
		return "input object"
	}
	return "body"
}
