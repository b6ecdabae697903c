package server

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	pb "github.com/triwire/authorizer-sdk/examples/library/gen/library/v1"
)

// GraphQL answers operations under the text of a schema, which it validates them
// by. Errors carry the code of the protos in extensions.code.
func (l *Library) GraphQL(schema string) (http.Handler, error) {
	parsed, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphql", Input: schema})
	if err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, errs := l.execute(r, parsed)
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"data": data, "errors": errs})
	}), nil
}

func (l *Library) execute(r *http.Request, schema *ast.Schema) (map[string]any, gqlerror.List) {
	var request struct {
		Query         string         `json:"query"`
		OperationName string         `json:"operationName"`
		Variables     map[string]any `json:"variables"`
	}
	decoder := json.NewDecoder(r.Body)
	decoder.UseNumber()
	if err := decoder.Decode(&request); err != nil {
		return nil, gqlerror.List{gqlerror.Wrap(err)}
	}
	doc, errs := gqlparser.LoadQueryWithRules(schema, request.Query, rules.NewDefaultRules())
	if len(errs) > 0 {
		return nil, invalid(errs...)
	}
	op := doc.Operations.ForName(request.OperationName)
	vars, err := validator.VariableValues(schema, op, request.Variables)
	if err != nil {
		return nil, invalid(gqlerror.WrapIfUnwrapped(err))
	}
	data := map[string]any{}
	for _, selection := range op.SelectionSet {
		field := selection.(*ast.Field)
		out, err := l.field(atHTTP(r), field, field.ArgumentMap(vars))
		if err != nil {
			st := status.Convert(err)
			code := strings.ToUpper(strings.Join(words(st.Code().String()), "_"))
			return nil, gqlerror.List{{Message: st.Message(), Extensions: map[string]any{"code": code}}}
		}
		data[field.Alias] = selected(field.SelectionSet, out)
	}
	return data, nil
}

func invalid(errs ...*gqlerror.Error) gqlerror.List {
	for _, e := range errs {
		e.Extensions = map[string]any{"code": "INVALID_ARGUMENT"}
	}
	return errs
}

// words splits the name of a code: NotFound.
func words(name string) []string {
	var out []string
	for i, r := range name {
		if i == 0 || r >= 'A' && r <= 'Z' {
			out = append(out, "")
		}
		out[len(out)-1] += string(r)
	}
	return out
}

// field answers a root field: its arguments are the JSON of the gRPC request, but
// for the names of genres and the mask, which is a list of the protos' names.
func (l *Library) field(ctx context.Context, field *ast.Field, args map[string]any) (any, error) {
	switch field.Name {
	case "book":
		in := &pb.GetBookRequest{}
		return answer(in, args, func() (proto.Message, error) { return l.GetBook(ctx, in) })
	case "books":
		in := &pb.ListBooksRequest{}
		return answer(in, args, func() (proto.Message, error) { return l.ListBooks(ctx, in) })
	case "createBook":
		in := &pb.CreateBookRequest{}
		return answer(in, args, func() (proto.Message, error) { return l.CreateBook(ctx, in) })
	case "updateBook":
		mask := &fieldmaskpb.FieldMask{}
		for _, path := range list(args["updateMask"]) {
			mask.Paths = append(mask.Paths, path.(string))
		}
		delete(args, "updateMask")
		in := &pb.UpdateBookRequest{}
		return answer(in, args, func() (proto.Message, error) {
			in.UpdateMask = mask
			return l.UpdateBook(ctx, in)
		})
	default: // lendBook
		input, _ := args["input"].(map[string]any)
		input["bookId"] = args["bookId"]
		in := &pb.LendBookRequest{}
		return answer(in, input, func() (proto.Message, error) { return l.LendBook(ctx, in) })
	}
}

func list(v any) []any {
	out, _ := v.([]any)
	return out
}

func answer(in proto.Message, args map[string]any, call func() (proto.Message, error)) (any, error) {
	text, err := json.Marshal(renamed(args, func(genre string) string { return "GENRE_" + genre }))
	if err != nil {
		return nil, err
	}
	if err := protojson.Unmarshal(text, in); err != nil {
		return nil, err
	}
	out, err := call()
	if err != nil {
		return nil, err
	}
	text, err = protojson.MarshalOptions{EmitUnpopulated: true}.Marshal(out)
	if err != nil {
		return nil, err
	}
	var value any
	err = json.Unmarshal(text, &value)
	return renamed(value, func(genre string) string { return strings.TrimPrefix(genre, "GENRE_") }), err
}

// renamed gives the values of genre and genres their name on the other side.
func renamed(v any, name func(string) string) any {
	object, ok := v.(map[string]any)
	if !ok {
		items, ok := v.([]any)
		if !ok {
			return v
		}
		out := make([]any, len(items))
		for i, item := range items {
			out[i] = renamed(item, name)
		}
		return out
	}
	out := map[string]any{}
	for key, value := range object {
		genre, single := value.(string)
		switch {
		case key == "genre" && single:
			value = name(genre)
		case key == "genres":
			var genres []any
			for _, g := range list(value) {
				genres = append(genres, name(g.(string)))
			}
			value = genres
		case key == "copies" && single:
			value = json.Number(genre)
		default:
			value = renamed(value, name)
		}
		out[key] = value
	}
	return out
}

// selected are the fields that an operation asks for.
func selected(set ast.SelectionSet, v any) any {
	if len(set) == 0 {
		return v
	}
	if items, ok := v.([]any); ok {
		out := make([]any, len(items))
		for i, item := range items {
			out[i] = selected(set, item)
		}
		return out
	}
	object, _ := v.(map[string]any)
	out := map[string]any{}
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			out[s.Alias] = selected(s.SelectionSet, object[s.Name])
		case *ast.FragmentSpread:
			for key, value := range selected(s.Definition.SelectionSet, v).(map[string]any) {
				out[key] = value
			}
		}
	}
	return out
}
