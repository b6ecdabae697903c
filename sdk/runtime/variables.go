package runtime

import (
	"context"
	"encoding/json"
	"reflect"

	"github.com/Khan/genqlient/graphql"
)

// Variables are those of a GraphQL operation that has several arguments. What is
// unset is not sent: a nil pointer, list or map.
type Variables struct{ list []*variable }

type variable struct {
	name  string
	value any
}

// Set is where the value of a variable goes.
func (v *Variables) Set(name string) *any {
	one := &variable{name: name}
	v.list = append(v.list, one)
	return &one.value
}

// MarshalJSON writes an object with the variables that are set.
func (v Variables) MarshalJSON() ([]byte, error) {
	out := make(map[string]any, len(v.list))
	for _, one := range v.list {
		if set(one.value) {
			out[one.name] = one.value
		}
	}
	return json.Marshal(out)
}

// set reports whether a value was set at all.
func set(value any) bool {
	v := reflect.ValueOf(value)
	switch v.Kind() {
	case reflect.Invalid:
		return false
	case reflect.Pointer, reflect.Slice, reflect.Map:
		return !v.IsNil()
	}
	return true
}

// GraphQLVariables makes an adapter as [GraphQL] does, of an operation's name and
// text.
func GraphQLVariables[Req, Data, Resp any](
	name, query string,
	encode func(*Encoder, *Req) Variables,
	decode func(*Data) *Resp,
) Adapter[Req, Resp] {
	return GraphQL(encode, func(ctx context.Context, c graphql.Client, in Variables) (*Data, error) {
		data := new(Data)
		err := c.MakeRequest(ctx, &graphql.Request{OpName: name, Query: query, Variables: in}, &graphql.Response{Data: data})
		return data, err
	}, decode)
}
