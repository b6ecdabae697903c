package sdk

import (
	"github.com/dave/jennifer/jen"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// readers are the functions that read answers from the wire of gRPC straight
// into the flat types, with the Reader of the runtime. Whether a message can be
// read so is decided here; what cannot is decoded by the generated messages.
type readers struct {
	*dialect
	used map[*ir.Wire]bool
}

// kinds are the scalars of protobuf that the Reader has a method for.
func kinds() map[string]string {
	return map[string]string{
		"TYPE_STRING": "String", "TYPE_BOOL": "Bool", "TYPE_DOUBLE": "Double",
		"TYPE_INT32": "Int32", "TYPE_SINT32": "Sint32", "TYPE_SFIXED32": "Sfixed32",
		"TYPE_INT64": "Int64", "TYPE_SINT64": "Sint64", "TYPE_SFIXED64": "Sfixed64",
		"TYPE_UINT32": "Uint32", "TYPE_FIXED32": "Fixed32", "TYPE_UINT64": "Uint64", "TYPE_FIXED64": "Fixed64",
		"TYPE_FLOAT": "Float", "TYPE_BYTES": "Bytes",
	}
}

// answer is the function that reads a method's answer, or nil if that has
// something in it that the Reader does not know.
func (r *readers) answer(m *ir.Method, b *ir.Binding) jen.Code {
	out := b.Operation.Response.Message
	if b.Response == nil || out == nil || out.Extensible || !r.readable(b.Response) {
		return nil
	}
	if b.Envelope == nil {
		r.use(b.Response)
		return jen.Qual(r.g.Paths.GRPCRuntime, "Bare").Call(jen.Id(r.name(b.Response)))
	}
	var cases []jen.Code
	for _, f := range out.Fields {
		if f == b.Envelope {
			result := jen.Qual(r.g.Paths.GRPCRuntime, "Result").Call(jen.Id("r"), jen.Id("out"), jen.Id(r.name(b.Response)))
			cases = append(cases, jen.Case(number(f)).Block(jen.Id("out").Op("=").Add(result)))
			continue
		}
		read, ok := unwanted(f)
		if !ok {
			return nil
		}
		cases = appendCase(cases, f, read)
	}
	r.use(b.Response)
	return jen.Func().Params(r.param()).Params(jen.Id("out").Op("*").Add(r.g.flatResponse(m))).
		Block(loop(cases), jen.Return(jen.Id("out")))
}

// use marks what a reader calls.
func (r *readers) use(w *ir.Wire) {
	if r.used[w] {
		return
	}
	r.used[w] = true
	for _, f := range w.Fields {
		if f.Wire != nil {
			r.use(f.Wire)
		}
	}
}

// readable tells whether the Reader knows everything that can be in a message.
func (r *readers) readable(w *ir.Wire) bool { return r.allReadable(w, map[*ir.Wire]bool{}) }

func (r *readers) allReadable(w *ir.Wire, seen map[*ir.Wire]bool) bool {
	if seen[w] {
		return true
	}
	seen[w] = true
	if w.Contract.Extensible {
		return false
	}
	for _, f := range w.Contract.Fields {
		if _, ok := r.field(w, f); !ok {
			return false
		}
	}
	for _, f := range w.Fields {
		if f.Wire != nil && !r.allReadable(f.Wire, seen) {
			return false
		}
	}
	return true
}

// field is the statement that reads a field, nil if the field can be skipped
// like one that is not known. Not ok: the Reader does not know it.
func (r *readers) field(w *ir.Wire, f *contract.Field) (read jen.Code, ok bool) {
	if f.Required || f.Details.Default != nil { // proto2: must be there, or is not zero where it is not
		return nil, false
	}
	for _, wf := range w.Fields {
		if wf.Contract == f {
			return r.wanted(wf)
		}
	}
	return unwanted(f)
}

func (r *readers) wanted(f *ir.WireField) (read jen.Code, ok bool) {
	out := jen.Op("&").Id("out").Dot(f.Field.GoName)
	t := f.Field.Type
	switch {
	case f.Type.Form != contract.FormPlain || t.Map || t.Elem != nil || f.Field.Pointer || f.Contract.Oneof != nil:
		return nil, false
	case t.Scalar == contract.ScalarObject && t.Single():
		return r.object(f, out)
	case t.Scalar == contract.ScalarMessage && t.List:
		return jen.Qual(r.g.Paths.GRPCRuntime, "Messages").Call(jen.Id("r"), out, jen.Id(r.name(f.Wire))), true
	case t.Scalar == contract.ScalarMessage:
		return jen.Qual(r.g.Paths.GRPCRuntime, "Message").Call(jen.Id("r"), out, jen.Id(r.name(f.Wire))), true
	case r.codec(f) != nil || t.Scalar != f.Type.Scalar || t.List && t.Scalar == contract.ScalarBytes:
		return nil, false
	}
	kind, known := kinds()[f.Type.Wire]
	if t.List {
		kind += "s"
	}
	return jen.Id("r").Dot(kind).Call(out), known
}

// object reads a Struct, bare or alone in a message.
func (r *readers) object(f *ir.WireField, out jen.Code) (jen.Code, bool) {
	if f.Object == nil {
		return jen.Id("r").Dot("Object").Call(out), true
	}
	alone := len(f.Object.Fields) == 1 && !f.Object.Extensible && !f.Inner.Required
	return jen.Id("r").Dot("WrappedObject").Call(number(f.Inner), out), alone
}

// unwanted passes over a field that the flat type does not have. Its value must
// be right all the same, which for a single number it always is.
func unwanted(f *contract.Field) (read jen.Code, ok bool) {
	_, scalar := kinds()[f.Type.Wire]
	switch {
	case f.Required || !scalar || f.Type.Map || f.Type.Elem != nil:
		return nil, false
	case f.Type.Wire == "TYPE_STRING":
		return jen.Id("r").Dot("CheckText").Call(), true
	default:
		return nil, !f.Type.List
	}
}

func (r *readers) name(w *ir.Wire) string { return r.wireName(w, "FromWire") }

func (r *readers) param() *jen.Statement {
	return jen.Id("r").Op("*").Qual(r.g.Paths.GRPCRuntime, "Reader")
}

// functions writes the function of each message that is used.
func (r *readers) functions(f *jen.File) {
	for _, w := range r.wires() {
		if !r.used[w] {
			continue
		}
		var cases []jen.Code
		for _, field := range w.Contract.Fields {
			read, _ := r.field(w, field)
			cases = appendCase(cases, field, read)
		}
		f.Line()
		f.Func().Id(r.name(w)).Params(r.param(), jen.Id("out").Op("*").Add(r.flatType(w.Message))).Block(loop(cases))
	}
}

func number(f *contract.Field) jen.Code { return jen.Lit(int(f.Details.Number)) }

// appendCase adds the case of a field that is not skipped.
func appendCase(cases []jen.Code, f *contract.Field, read jen.Code) []jen.Code {
	if read == nil {
		return cases
	}
	return append(cases, jen.Case(number(f)).Block(read))
}

// loop walks over the fields of a message.
func loop(cases []jen.Code) jen.Code {
	skip := jen.Id("r").Dot("Skip").Call()
	body := jen.Code(skip)
	if len(cases) > 0 {
		body = jen.Switch(jen.Id("r").Dot("Number").Call()).Block(append(cases, jen.Default().Block(skip))...)
	}
	return jen.For(jen.Id("r").Dot("Next").Call()).Block(body)
}
