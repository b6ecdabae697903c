package docs

import (
	"fmt"
	"go/format"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/emit/prose"
	"github.com/triwire/authorizer-sdk/internal/emit/sdk"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// goSnippet is the call with the SDK, as statements of a function that returns
// an error.
func (b *builder) goSnippet(s *ir.Service, m *ir.Method) (snippet, error) {
	client := clientName(s)
	switch m.Credential {
	case ir.CredentialBearer:
		client += ".WithBearer(token)"
	case ir.CredentialCookie:
		client += ".WithSession(session)"
	}
	args := "ctx"
	if m.Request != nil {
		args += ", &" + b.literal(m.Example)
	}
	parts := []part{{"One call", "go", oneCall(m, fmt.Sprintf("%s.%s(%s)", client, m.GoName, args))}}
	if m.Paging != nil {
		item := prose.LowerFirst(m.Paging.Items.Type.Message.GoName)
		if item == s.Name || item == "res" {
			item = "item"
		}
		parts = append(parts, part{"All pages", "go", fmt.Sprintf(
			"for %s, err := range %s.%s(ctx, nil) {\nif err != nil {\nreturn err\n}\nfmt.Println(%s)\n}\n", item, client, m.Paging.Iterator, item)})
	}
	out := snippet{ID: "go", Title: "Go"}
	for _, p := range parts {
		src, err := format.Source([]byte(p.Text))
		if err != nil {
			return out, fmt.Errorf("the example is no Go: %w\n%s", err, p.Text)
		}
		if len(parts) == 1 {
			p.Title = ""
		}
		p.Text = string(src)
		out.Parts = append(out.Parts, p)
	}
	return out, nil
}

// oneCall makes a call and looks at what comes.
func oneCall(m *ir.Method, call string) string {
	const failed = "if err != nil {\nreturn err\n}\n"
	switch {
	case m.Streams:
		return "for res, err := range " + call + " {\n" + failed + "fmt.Println(res)\n}\n"
	case m.Response != nil:
		return "res, err := " + call + "\n" + failed + "fmt.Println(res)\n"
	}
	return "err := " + call + "\n" + failed
}

// clientName is the variable of a service's client.
func clientName(s *ir.Service) string { return prose.LowerFirst(s.Client) }

// goSetup makes the clients.
func (b *builder) goSetup() (snippet, error) {
	var text strings.Builder
	for _, s := range b.Services {
		args := []string{fmt.Sprintf("os.Getenv(%q)", b.env.name("url"))}
		for _, r := range s.Requires {
			args = append(args, fmt.Sprintf("os.Getenv(%q)", b.env.name(r.Name)))
		}
		name := clientName(s)
		fmt.Fprintf(&text, "%s, err := %s.%s(%s)\nif err != nil {\nreturn err\n}\ndefer %s.Close()\n", name, b.Package, s.Constructor, strings.Join(args, ", "), name)
	}
	src, err := format.Source([]byte(text.String()))
	return snippet{ID: "go", Title: "Go", Parts: []part{{Language: "go", Text: string(src)}}}, err
}

// literal is a message as a composite literal, an element a line.
func (b *builder) literal(x *ir.Example) string {
	out := b.Package + "." + x.Message.GoName + "{"
	for _, f := range x.Fields {
		out += "\n" + f.Field.GoName + ": " + b.fieldLiteral(f) + ","
	}
	if len(x.Fields) > 0 {
		out += "\n"
	}
	return out + "}"
}

func (b *builder) fieldLiteral(f ir.ExampleField) string {
	t, v := f.Field.Type, f.Value
	switch {
	case t.List && t.Elem == nil:
		var items []string
		for _, item := range v.List {
			text := b.single(t, item)
			if item.Message != nil {
				text = strings.TrimPrefix(text, b.qualified(t))
			}
			items = append(items, text)
		}
		return "[]" + b.qualified(t) + "{" + strings.Join(items, ", ") + "}"
	case v.Message != nil && f.Field.Pointer:
		return "&" + b.single(t, v)
	case f.Field.Pointer:
		return b.Package + ".Ptr(" + typed(t.Scalar, b.single(t, v)) + ")"
	case !t.Single():
		return b.collection(t, v.Plain)
	}
	return b.single(t, v)
}

// qualified is a type's value, or the items of its list or map, as other packages
// name it.
func (b *builder) qualified(t ir.Type) string {
	name := sdk.TypeName(&ir.Field{Type: ir.Type{Scalar: t.Scalar, Elem: t.Elem, Message: t.Message, Enum: t.Enum}})
	leaf := t.Leaf()
	for _, own := range []string{goName(leaf.Message), goEnum(leaf.Enum)} {
		if own != "" {
			name = strings.TrimSuffix(name, own) + b.Package + "." + own
		}
	}
	return name
}

func goName(m *ir.Message) string {
	if m == nil {
		return ""
	}
	return m.GoName
}

func goEnum(e *ir.Enum) string {
	if e == nil {
		return ""
	}
	return e.GoName
}

// collection is a map, or a list of lists or maps, of what encoding/json makes of
// one.
func (b *builder) collection(t ir.Type, plain any) string {
	item := func(v any) string {
		if t.Elem != nil {
			return b.collection(*t.Elem, v)
		}
		return b.single(t, ir.ExampleValue{Plain: v})
	}
	var parts []string
	switch v := plain.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, strconv.Quote(key)+": "+item(v[key]))
		}
		return "map[string]" + b.qualified(t) + "{" + strings.Join(parts, ", ") + "}"
	case []any:
		for _, one := range v {
			parts = append(parts, item(one))
		}
	}
	return "[]" + b.qualified(t) + "{" + strings.Join(parts, ", ") + "}"
}

// typed gives an untyped number its type.
func typed(s contract.Scalar, literal string) string {
	switch s {
	case contract.ScalarInt32, contract.ScalarInt64, contract.ScalarUint32, contract.ScalarUint64, contract.ScalarFloat32, contract.ScalarFloat64:
		return string(s) + "(" + literal + ")"
	}
	return literal
}

// single is one value, or one item.
func (b *builder) single(t ir.Type, v ir.ExampleValue) string {
	switch {
	case v.Message != nil:
		return b.literal(v.Message)
	case t.Scalar == contract.ScalarBytes:
		return "[]byte(" + goValue(v.Plain) + ")"
	case t.Scalar == contract.ScalarEnum:
		for _, value := range t.Enum.Values {
			if value.Name == v.Plain {
				return b.Package + "." + value.GoName
			}
		}
	}
	return goValue(v.Plain)
}

// goValue is what encoding/json makes of a value, as Go.
func goValue(v any) string {
	switch v := v.(type) {
	case map[string]any:
		var pairs []string
		for _, key := range slices.Sorted(maps.Keys(v)) {
			pairs = append(pairs, strconv.Quote(key)+": "+goValue(v[key]))
		}
		return "map[string]any{" + strings.Join(pairs, ", ") + "}"
	case []any:
		var items []string
		for _, item := range v {
			items = append(items, goValue(item))
		}
		return "[]any{" + strings.Join(items, ", ") + "}"
	case string:
		if strings.Contains(v, "\n") && strconv.CanBackquote(strings.ReplaceAll(v, "\n", "")) {
			return "`" + v + "`"
		}
		return strconv.Quote(v)
	case time.Time:
		return fmt.Sprintf("time.Date(%d, time.%s, %d, %d, %d, %d, %d, time.UTC)", v.Year(), v.Month(), v.Day(), v.Hour(), v.Minute(), v.Second(), v.Nanosecond())
	case time.Duration:
		if v%time.Second == 0 {
			return fmt.Sprintf("%d * time.Second", v/time.Second)
		}
		return fmt.Sprintf("%d * time.Nanosecond", v)
	case nil:
		return "nil"
	}
	return fmt.Sprint(v)
}
