package protofiles

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/triwire/authorizer-sdk/internal/contract"
)

func messageDetails(m protoreflect.MessageDescriptor) *contract.MessageDetails {
	out := &contract.MessageDetails{Kind: "message"}
	for i := range m.ReservedRanges().Len() {
		r := m.ReservedRanges().Get(i)
		text := strconv.Itoa(int(r[0]))
		if r[1]-1 > r[0] {
			text += fmt.Sprintf(" to %d", r[1]-1)
		}
		out.Reserved = append(out.Reserved, text)
	}
	for i := range m.ReservedNames().Len() {
		out.Reserved = append(out.Reserved, string(m.ReservedNames().Get(i)))
	}
	slices.Sort(out.Reserved)
	return out
}

func (b *builder) fieldDetails(f protoreflect.FieldDescriptor) *contract.FieldDetails {
	out := &contract.FieldDetails{
		Type:     b.typeDetails(f),
		Number:   int32(f.Number()),
		JSONName: f.JSONName(),
		Limits:   b.limits(f),
	}
	if o := f.ContainingOneof(); o != nil && !o.IsSynthetic() {
		out.Oneof = string(o.Name())
	}
	if f.HasDefault() {
		text := f.Default().String()
		out.Default = &text
	}
	return out
}

func (b *builder) typeDetails(f protoreflect.FieldDescriptor) contract.TypeDetails {
	out := contract.TypeDetails{Text: typeText(f)}
	switch {
	case f.IsMap():
		out.Text = fmt.Sprintf("map<%s, %s>", typeText(f.MapKey()), typeText(f.MapValue()))
		out.Enum = b.enum(f.MapValue().Enum())
	case f.IsList():
		out.Text = "repeated " + out.Text
		out.Enum = b.enum(f.Enum())
	default:
		out.Enum = b.enum(f.Enum())
	}
	return out
}

func typeText(f protoreflect.FieldDescriptor) string {
	switch {
	case f.Enum() != nil:
		return string(f.Enum().FullName())
	case f.Message() != nil:
		return string(f.Message().FullName())
	}
	return f.Kind().String()
}

func (b *builder) enum(e protoreflect.EnumDescriptor) *contract.Enum {
	if e == nil {
		return nil
	}
	out := &contract.Enum{Name: string(e.FullName()), Pos: b.posOf(e), Prefix: prefix(e), Closed: e.IsClosed()}
	for i := range e.Values().Len() {
		v := e.Values().Get(i)
		value := contract.EnumValue{Name: string(v.Name()), Number: int32(v.Number()), Pos: b.posOf(v)}
		if isDeprecated(v.Options()) {
			value.Deprecated = deprecated
		}
		out.Values = append(out.Values, value)
	}
	return out
}

// prefix is the enum's name in the style of its values (COLOR_ for Color), if all
// of them begin with it.
func prefix(e protoreflect.EnumDescriptor) string {
	out := strings.ToUpper(contract.Snake(string(e.Name()))) + "_"
	for i := range e.Values().Len() {
		rest, ok := strings.CutPrefix(string(e.Values().Get(i).Name()), out)
		if !ok || rest == "" || !unicode.IsLetter([]rune(rest)[0]) {
			return ""
		}
	}
	return out
}

// isDeprecated asks the options of whatever it is.
func isDeprecated(options proto.Message) bool {
	o, ok := options.(interface{ GetDeprecated() bool })
	return ok && o.GetDeprecated()
}

// limits are the custom options of a field, such as the rules of
// buf.validate, as canonical JSON by the option's name.
func (b *builder) limits(f protoreflect.FieldDescriptor) map[string]string {
	own := b.compiled.FindFileByPath(f.ParentFile().Path())
	if own == nil {
		return nil
	}
	d := own.FindDescriptorByName(f.FullName())
	if d == nil {
		return nil
	}
	out := map[string]string{}
	d.Options().ProtoReflect().Range(func(o protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		if o.IsExtension() {
			flatten(out, string(o.FullName()), o, v)
		}
		return true
	})
	if len(out) == 0 {
		return nil
	}
	return out
}

// flatten writes an option's leaves by their path: "buf.validate.field.string.max_len".
func flatten(out map[string]string, at string, o protoreflect.FieldDescriptor, v protoreflect.Value) {
	switch {
	case o.IsList() || o.IsMap():
		var parts []string
		if o.IsList() {
			for i := range v.List().Len() {
				parts = append(parts, leaf(o, v.List().Get(i)))
			}
		} else {
			v.Map().Range(func(k protoreflect.MapKey, item protoreflect.Value) bool {
				parts = append(parts, k.String()+"="+leaf(o.MapValue(), item))
				return true
			})
			slices.Sort(parts)
		}
		out[at] = strings.Join(parts, ", ")
	case o.Message() != nil:
		v.Message().Range(func(inner protoreflect.FieldDescriptor, value protoreflect.Value) bool {
			flatten(out, at+"."+string(inner.Name()), inner, value)
			return true
		})
	default:
		out[at] = leaf(o, v)
	}
}

// leaf writes one value; the white space of protojson differs from run to run.
func leaf(o protoreflect.FieldDescriptor, v protoreflect.Value) string {
	if o.Message() == nil {
		return v.String()
	}
	text, err := protojson.Marshal(v.Message().Interface())
	if err != nil {
		return err.Error()
	}
	return strings.Join(strings.Fields(string(text)), "")
}
