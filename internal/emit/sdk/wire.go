package sdk

import (
	"slices"

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
			return r.wanted(w, wf)
		}
	}
	return unwanted(f)
}

func (r *readers) wanted(w *ir.Wire, f *ir.WireField) (read jen.Code, ok bool) {
	out := jen.Op("&").Id("out").Dot(f.Field.GoName)
	t := f.Field.Type
	switch {
	case f.Contract.Oneof != nil || f.Field.Pointer:
		return r.variant(w, f)
	case f.Type.Form == contract.FormWrapper && t.Single() && t.Scalar == f.Type.Scalar:
		read, known := wrapped()[t.Scalar]
		return r.call("Wrapped", out, jen.Parens(jen.Op("*").Qual(r.g.Paths.GRPCRuntime, "Reader")).Dot(read)), known
	case f.Type.Form != contract.FormPlain || t.Elem != nil || t.Map && t.Scalar != f.Type.Scalar:
		return nil, false
	case t.Map:
		read, known := kinds()[f.Type.Wire]
		return r.call("Entries", out, jen.Parens(jen.Op("*").Qual(r.g.Paths.GRPCRuntime, "Reader")).Dot(read)), known && t.Scalar != contract.ScalarBytes
	case t.Scalar == contract.ScalarEnum:
		return r.enum(f, out)
	case t.Scalar == contract.ScalarTimestamp && t.Single():
		return jen.Id("r").Dot("Time").Call(out), true
	case t.Scalar == contract.ScalarDuration && t.Single():
		return jen.Id("r").Dot("Duration").Call(out), true
	case t.Scalar == contract.ScalarObject && t.Single():
		return r.object(f, out)
	case t.Scalar == contract.ScalarMessage && t.List:
		return r.call("Messages", out, jen.Id(r.name(f.Wire))), true
	case t.Scalar == contract.ScalarMessage:
		return r.call("Message", out, jen.Id(r.name(f.Wire))), true
	case r.codec(f) != nil || t.Scalar != f.Type.Scalar || t.List && t.Scalar == contract.ScalarBytes:
		return nil, false
	}
	kind, known := kinds()[f.Type.Wire]
	if t.List {
		kind += "s"
	}
	return jen.Id("r").Dot(kind).Call(out), known
}

// call calls a function of the runtime with the Reader.
func (r *readers) call(name string, args ...jen.Code) jen.Code {
	return jen.Qual(r.g.Paths.GRPCRuntime, name).Call(append([]jen.Code{jen.Id("r")}, args...)...)
}

// wrapped are the scalars of google/protobuf/wrappers.proto. Bytes are not
// among them: empty ones have presence.
func wrapped() map[contract.Scalar]string {
	return map[contract.Scalar]string{
		contract.ScalarFloat64: "Double", contract.ScalarFloat32: "Float", contract.ScalarInt64: "Int64",
		contract.ScalarUint64: "Uint64", contract.ScalarInt32: "Int32", contract.ScalarUint32: "Uint32",
		contract.ScalarBool: "Bool", contract.ScalarString: "String",
	}
}

// enum reads a value of an enum, or a list of them. A value that is absent on the
// wire must be so for callers, and what a closed enum does not know is an unknown
// field.
func (r *readers) enum(f *ir.WireField, out jen.Code) (jen.Code, bool) {
	t := f.Field.Type
	name := "Enum"
	if t.List {
		name = "Enums"
	}
	w := t.Enum.Wire(ir.GRPC)
	zero := slices.ContainsFunc(w.Values, func(v ir.EnumWireValue) bool { return v.Contract.Number == 0 && v.Value != nil })
	return r.call(name, out, r.enumFunc(t.Enum, "From")), !w.Contract.Closed && (t.List || !zero || r.absentEnum(f))
}

// variant reads a message that is behind a pointer: one of a oneof, of which the
// last one stays, or one that may hold itself. The other fields of the oneof must
// be such, too.
func (r *readers) variant(w *ir.Wire, f *ir.WireField) (jen.Code, bool) {
	if f.Wire == nil || !f.Field.Pointer || !f.Field.Type.Single() || f.Type.Form != contract.FormPlain {
		return nil, false
	}
	field := jen.Id("out").Dot(f.Field.GoName)
	set := jen.Add(field).Op("=").Add(r.call("Result", field, jen.Id(r.name(f.Wire))))
	if f.Contract.Oneof == nil {
		return set, true
	}
	var others, nils []jen.Code
	for _, other := range w.Fields {
		if other != f && other.Contract != nil && other.Contract.Oneof == f.Contract.Oneof {
			others, nils = append(others, jen.Id("out").Dot(other.Field.GoName)), append(nils, jen.Nil())
		}
	}
	if len(others) == 0 {
		return set, true
	}
	clear := jen.If(jen.Id("r").Dot("IsMessage").Call()).Block(jen.List(others...).Op("=").List(nils...))
	return jen.Add(clear, jen.Line(), set), true
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
	case f.Required || !scalar || f.Type.Map || f.Type.Elem != nil || f.Oneof != nil:
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
