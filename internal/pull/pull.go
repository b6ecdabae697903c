// Package pull writes the contract files from what a server says about itself,
// in two steps:
//
//  1. get the answers: from a live server (FromServer: GraphQL introspection,
//     the OpenAPI document, gRPC reflection) or from saved files (FromDir);
//  2. render them: each contract package turns its answer into source files.
//
// The result is a map of path to content; nothing is written to disk. The same
// answers give the same bytes, wherever they came from.
package pull

import (
	"errors"
	"fmt"

	"github.com/triwire/authorizer-sdk/internal/contract/graphqlschema"
	"github.com/triwire/authorizer-sdk/internal/contract/openapidoc"
	"github.com/triwire/authorizer-sdk/internal/contract/protofiles"
)

// The paths of the contract files, below the project's root.
const (
	GraphQLFile = "schema.graphql"
	OpenAPIFile = "openapi.yaml"
	ProtoDir    = "proto"
)

// maxAnswer bounds what is read of one answer, in bytes.
const maxAnswer = 32 << 20

// answers is what a server said, in its own formats. An empty part was not
// asked for.
type answers struct {
	graphql, openapi, descriptors answer
}

// answer is one of them, and how to call its source in an error.
type answer struct {
	source string
	data   []byte
}

func (a answers) empty() bool {
	return a.graphql.source == "" && a.openapi.source == "" && a.descriptors.source == ""
}

// render makes the contract files; either all or none.
func (a answers) render() (map[string][]byte, error) {
	out := map[string][]byte{}
	var errs []error
	add := func(in answer, file string, render func([]byte) ([]byte, error)) {
		if in.source == "" {
			return
		}
		data, err := render(in.data)
		if err != nil {
			// As text: the positions of findings are in no file of the user's, and
			// whoever looks for a list of findings must not find this one alone.
			errs = append(errs, fmt.Errorf("%s: %v", in.source, err))
		}
		out[file] = data
	}
	add(a.graphql, GraphQLFile, graphqlschema.FromIntrospection)
	add(a.openapi, OpenAPIFile, openapidoc.FromServer)
	if a.descriptors.source != "" {
		files, err := renderProto(a.descriptors.data)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %v", a.descriptors.source, err))
		}
		for name, data := range files {
			out[ProtoDir+"/"+name] = data
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return out, nil
}

func renderProto(data []byte) (map[string][]byte, error) {
	set, err := protofiles.ParseSet(data)
	if err != nil {
		return nil, err
	}
	return protofiles.Print(set)
}
