package sdktest

import (
	"net/http"
	"strings"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/structpb"

	authorizerv1 "github.com/triwire/authorizer-sdk/gen/authorizer/v1"
)

// serveGraphQL answers one operation with one root field. The method is the
// name of the operation.
func (s *Server) serveGraphQL(w http.ResponseWriter, req *Request, body []byte) {
	var in struct {
		Query     string
		Variables map[string]map[string]any
	}
	if err := decodeJSON(body, &in); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	op, problem := s.operation(in.Query)
	if op == nil {
		http.Error(w, problem, http.StatusBadRequest)
		return
	}
	root := collect(op.SelectionSet)[0]
	req.Protocol, req.Method = "graphql", key(op.Name)
	for _, argument := range in.Variables {
		req.Input = argument
	}
	a := s.answer(req)
	switch {
	case writeRaw(w, a):
	case a.Code != codes.OK && a.Status != 0:
		writeJSON(w, a.Status, map[string]any{"error": a.Message})
	case a.Code != codes.OK:
		writeJSON(w, http.StatusOK, map[string]any{
			"data": nil, "errors": []any{map[string]any{"message": a.Message, "path": []string{root.Alias}}},
		})
	default:
		writeJSON(w, http.StatusOK, map[string]any{"data": map[string]any{root.Alias: s.result(root, req, a)}})
	}
}

// operation is the one operation of a document; it has one root field.
func (s *Server) operation(query string) (*ast.OperationDefinition, string) {
	if known, ok := s.queries.Load(query); ok {
		op, _ := known.(*ast.OperationDefinition)
		return op, ""
	}
	doc, errs := gqlparser.LoadQueryWithRules(s.contracts.schema, query, rules.NewDefaultRules())
	if len(errs) > 0 {
		return nil, errs.Error()
	}
	if len(doc.Operations) != 1 || len(collect(doc.Operations[0].SelectionSet)) != 1 {
		return nil, "expected one operation with one root field"
	}
	s.queries.Store(query, doc.Operations[0])
	return doc.Operations[0], ""
}

// result is what a root field answers. A result that REST and gRPC have in an
// envelope is bare here.
func (s *Server) result(root *ast.Field, req *Request, a *Answer) any {
	m := s.contracts.methods[req.Method]
	if m == nil {
		return blank(root)
	}
	message := emptyResult(m).ProtoReflect()
	if a.Result != nil {
		message = a.Result.ProtoReflect()
	}
	fields := message.Descriptor().Fields()
	if fields.Len() == 1 && fields.Get(0).Message() != nil && !fields.Get(0).IsList() && !selects(root, fields.Get(0)) {
		message = message.Get(fields.Get(0)).Message()
	}
	return object(root, message)
}

func selects(field *ast.Field, f protoreflect.FieldDescriptor) bool {
	for _, sub := range collect(field.SelectionSet) {
		if strings.EqualFold(sub.Name, string(f.Name())) {
			return true
		}
	}
	return false
}

// collect lists the fields of a selection with its fragments spread.
func collect(set ast.SelectionSet) []*ast.Field {
	var fields []*ast.Field
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			fields = append(fields, s)
		case *ast.FragmentSpread:
			fields = append(fields, collect(s.Definition.SelectionSet)...)
		}
	}
	return fields
}

// object answers a selection from a message.
func object(field *ast.Field, m protoreflect.Message) map[string]any {
	out := map[string]any{}
	for _, sub := range collect(field.SelectionSet) {
		f := m.Descriptor().Fields().ByName(protoreflect.Name(strings.ToLower(sub.Name)))
		switch {
		case f == nil:
			out[sub.Alias] = blank(sub)
		case f.IsList():
			list := []any{}
			for i := range m.Get(f).List().Len() {
				list = append(list, element(sub, f, m.Get(f).List().Get(i)))
			}
			out[sub.Alias] = list
		case !m.Has(f) && !sub.Definition.Type.NonNull:
			out[sub.Alias] = nil
		default:
			out[sub.Alias] = element(sub, f, m.Get(f))
		}
	}
	return out
}

func element(field *ast.Field, f protoreflect.FieldDescriptor, v protoreflect.Value) any {
	if f.Message() == nil {
		return v.Interface()
	}
	switch free := v.Message().Interface().(type) {
	case *authorizerv1.AppData:
		return free.GetValue().AsMap()
	case *structpb.Struct:
		return free.AsMap()
	}
	return object(field, v.Message())
}

// blank is the zero value of a field that no message has.
func blank(field *ast.Field) any {
	t := field.Definition.Type
	switch {
	case !t.NonNull:
		return nil
	case t.Elem != nil:
		return []any{}
	case t.Name() == "Boolean":
		return false
	case t.Name() == "Int", t.Name() == "Int64":
		return 0
	case len(field.SelectionSet) == 0:
		return ""
	}
	out := map[string]any{}
	for _, sub := range collect(field.SelectionSet) {
		out[sub.Alias] = blank(sub)
	}
	return out
}
