package server

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// methods writes the table of methods.
func (g *generator) methods(f *jen.File) {
	f.Comment("methods are the methods of the API and how each is called.")
	f.Func().Id("methods").Params(jen.Id("s").Id("Services")).Index().Add(g.rt("Method")).Block(
		jen.Return(jen.Index().Add(g.rt("Method")).CustomFunc(multiline(), func(list *jen.Group) {
			for _, s := range g.Services {
				for _, m := range s.Methods {
					list.Custom(multiline(), g.method(s, m)...)
				}
			}
		})))
}

// method is the row of one method; its fields stand in the order of the type.
func (g *generator) method(s *ir.Service, m *ir.Method) []jen.Code {
	row := []jen.Code{
		keyed("Name", jen.Lit(m.Name)),
		keyed("Service", jen.Lit(s.Name)),
		keyed("Handler", g.rt(handler(m)).Call(jen.Id("s").Dot(s.GoName).Dot(m.GoName))),
	}
	for _, b := range m.Bindings {
		switch b.Protocol {
		case ir.GraphQL:
			fields := append([]jen.Code{keyed("Field", jen.Lit(b.Operation.Key))}, g.shape(b)...)
			if argument := argument(b); argument != "" {
				fields = slices.Insert(fields, 1, jen.Code(keyed("Argument", jen.Lit(argument))))
			}
			row = append(row, keyed("GraphQL", g.value("GraphQL", fields)))
		case ir.REST:
			row = append(row, keyed("REST", g.value("REST", g.rest(m, b))))
		case ir.GRPC:
			name := jen.Qual(g.wirePackage(b), b.Operation.GoService+"_"+b.Operation.GoName+"_FullMethodName")
			fields := append([]jen.Code{keyed("FullMethod", name)}, g.shape(b)...)
			row = append(row, keyed("GRPC", g.value("GRPC", fields)))
		}
	}
	return row
}

// argument is the one of GraphQL's arguments that carries what is no argument of
// its own; empty without one.
func argument(b *ir.Binding) string {
	if b.Request != nil && b.Request.Contract.Parts != nil {
		return b.Request.Contract.Parts.ContentName
	}
	return b.Operation.RequestName
}

// handler is the constructor of the runtime's handler.
func handler(m *ir.Method) string {
	switch {
	case m.Streams && m.Request != nil:
		return "Stream"
	case m.Streams:
		return "StreamNoRequest"
	case m.Request != nil && m.Response != nil:
		return "Unary"
	case m.Response != nil:
		return "NoRequest"
	case m.Request != nil:
		return "NoResponse"
	}
	return "Bare"
}

// shape are the fields for what travels.
func (g *generator) shape(b *ir.Binding) []jen.Code {
	var out []jen.Code
	if b.Request != nil {
		out = append(out, keyed("Request", jen.Lit(g.names[b.Request])))
	}
	if b.Response != nil {
		out = append(out, keyed("Response", jen.Lit(g.names[b.Response])))
	}
	if b.Envelope != nil {
		out = append(out, keyed("Envelope", jen.Lit(b.Envelope.Name)))
	}
	return out
}

func (g *generator) rest(m *ir.Method, b *ir.Binding) []jen.Code {
	verb, path := splitKey(b.Operation.Key)
	path = withPatterns(path, b.Request)
	out := []jen.Code{keyed("Verb", jen.Lit(verb)), keyed("Path", jen.Lit(path))}
	if transcoded(m, b) {
		if b.Request != nil && b.Request.Contract.Parts != nil {
			out = append(out, keyed("Request", jen.Lit(g.names[b.Request])))
		}
		out = append(out, keyed("Transcoded", jen.True()))
		if name := responseBody(m, b); name != "" {
			out = append(out, keyed("ResponseBody", jen.Lit(name)))
		}
		if g.jsonNames() {
			out = append(out, keyed("JSONNames", jen.True()))
		}
	} else {
		out = append(out, g.shape(b)...)
	}
	if text := fixed(b); text != "" && !transcoded(m, b) {
		out = append(out, keyed("Fixed", jen.Lit(text)))
	}
	if oauthErrors(b.Operation) {
		out = append(out, keyed("OAuthErrors", jen.True()))
	}
	return append(out, keyed("Status", jen.Lit(success(b.Operation))))
}

// transcoded tells whether the bodies of the REST binding are those of gRPC.
func transcoded(m *ir.Method, b *ir.Binding) bool {
	other := m.Binding(ir.GRPC)
	return b.Transcoded && other != nil && (b.Envelope == nil) == (other.Envelope == nil)
}

// fixed is what a server answers that the SDK leaves out: that the call succeeded,
// or nothing of the type. It is empty where nothing is left out, or an object.
func fixed(b *ir.Binding) string {
	t := b.Operation.Response
	switch {
	case b.Response != nil || t.Scalar == contract.ScalarNone || t.Map:
		return ""
	case t.List:
		return "[]"
	}
	switch t.Scalar {
	case contract.ScalarMessage, contract.ScalarObject, contract.ScalarAny:
		return ""
	case contract.ScalarBool:
		return "true"
	case contract.ScalarString, contract.ScalarBytes:
		return `""`
	case contract.ScalarEnum:
		if len(t.Enum.Values) > 0 {
			return strconv.Quote(t.Enum.Values[0].Name)
		}
	case contract.ScalarTimestamp:
		return `"1970-01-01T00:00:00Z"`
	case contract.ScalarDuration:
		return `"0s"`
	}
	if t.Form == contract.FormText {
		return `"0"`
	}
	if t.Scalar == contract.ScalarUnsupported {
		return "null"
	}
	return "0"
}

// responseBody is the field of the gRPC answer that is all of the body; empty where
// that is the answer itself.
func responseBody(m *ir.Method, b *ir.Binding) string {
	grpc := m.Binding(ir.GRPC).Response
	if b.Response == nil || b.Response.Contract.Bare() == nil || grpc == nil || grpc.Contract.Bare() != nil {
		return ""
	}
	for i, f := range b.Response.Fields {
		if f.Contract != nil && grpc.Fields[i].Contract != nil {
			return grpc.Fields[i].Contract.Name
		}
	}
	return ""
}

// jsonNames tells whether REST names fields otherwise than the protos do.
func (g *generator) jsonNames() bool {
	names := map[*ir.Field]string{}
	for _, m := range g.Messages {
		for _, w := range m.Wires {
			for _, f := range w.Fields {
				if w.Protocol == ir.GRPC && f.Contract != nil {
					names[f.Field] = f.Contract.Name
				}
			}
		}
	}
	for _, m := range g.Messages {
		for _, w := range m.Wires {
			for _, f := range w.Fields {
				if name := names[f.Field]; w.Protocol == ir.REST && f.Contract != nil && inContent(f.Contract) && name != "" && name != f.Contract.Name {
					return true
				}
			}
		}
	}
	return false
}

// inContent tells whether a field is a member of a JSON document.
func inContent(f *contract.Field) bool { return f.Place == nil || f.Place.In == contract.InContent }

// withPatterns is the path with what its variables must look like:
// "/v1/{name=shelves/*}".
func withPatterns(path string, request *ir.Wire) string {
	if request == nil || request.Contract.Parts == nil {
		return path
	}
	put := func(name string, place *contract.Place) {
		if place != nil && place.In == contract.InPath && place.Pattern != "" {
			path = strings.Replace(path, "{"+name+"}", "{"+name+"="+place.Pattern+"}", 1)
		}
	}
	var fields func(w *ir.Wire)
	fields = func(w *ir.Wire) {
		for _, f := range w.Fields {
			if f.Contract == nil || f.Contract.Place == nil {
				continue
			}
			put(cmp.Or(f.Contract.Place.Name, f.Contract.Name), f.Contract.Place)
			if f.Wire != nil && f.Contract.Place.In == contract.InParts {
				fields(f.Wire)
			}
		}
	}
	fields(request)
	for _, w := range request.Contract.Parts.Within {
		put(w.Name, w.Place)
	}
	return path
}

// success is the status of a good answer.
func success(op *contract.Operation) int {
	if op.Details != nil {
		for _, a := range op.Details.Answers {
			if status, err := strconv.Atoi(a.Status); err == nil && status/100 == 2 {
				return status
			}
		}
	}
	return 200
}

// oauthErrors tells whether the contract's errors have the members of RFC 6749.
func oauthErrors(op *contract.Operation) bool {
	return op.Details != nil && slices.ContainsFunc(op.Details.Answers, func(a contract.Answer) bool {
		return a.Type.Message.Field("error") != nil && a.Type.Message.Field("error_description") != nil
	})
}

func (g *generator) value(typ string, fields []jen.Code) *jen.Statement {
	return jen.Op("&").Add(g.rt(typ)).Values(fields...)
}

func keyed(name string, value jen.Code) *jen.Statement { return jen.Id(name).Op(":").Add(value) }

func multiline() jen.Options {
	return jen.Options{Open: "{", Close: "}", Separator: ",", Multi: true}
}
