package pull

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// The names under which saved answers are looked for, best first.
func graphqlNames() []string { return []string{"graphql-introspection.json"} }
func openapiNames() []string {
	return []string{"openapi3.json", "openapi.json", "openapi.yaml", "openapi2.json", "swagger.json"}
}
func descriptorNames() []string { return []string{"descriptors.binpb"} }

// FromDir makes the contract files from the answers of a server that are saved
// in a directory: graphql-introspection.json, an OpenAPI or Swagger document
// (openapi3.json, openapi.json, openapi.yaml, openapi2.json or swagger.json)
// and descriptors.binpb, a serialised FileDescriptorSet. Any of the three may be
// absent, but not all. The keys of the map are paths below the project's root.
// All errors are reported together, and with an error there is no map.
func FromDir(ctx context.Context, dir string) (map[string][]byte, error) {
	var a answers
	var errs []error
	for _, part := range []struct {
		to    *answer
		names []string
	}{
		{&a.graphql, graphqlNames()},
		{&a.openapi, openapiNames()},
		{&a.descriptors, descriptorNames()},
	} {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var err error
		if *part.to, err = readFirst(dir, part.names); err != nil {
			errs = append(errs, err)
		}
	}
	if len(errs) == 0 && a.empty() {
		return nil, nothingIn(dir)
	}
	out, err := a.render()
	if errs = append(errs, err); errors.Join(errs...) != nil {
		return nil, errors.Join(errs...)
	}
	return out, nil
}

// nothingIn is the error for a directory without any saved answer.
func nothingIn(dir string) error {
	names := append(append(graphqlNames(), openapiNames()...), descriptorNames()...)
	return fmt.Errorf("%s: no saved answers of a server here; looked for %s", dir, strings.Join(names, ", "))
}

// readFirst reads the first of the names that exists. Without any, the answer
// is empty.
func readFirst(dir string, names []string) (answer, error) {
	for _, name := range names {
		path := filepath.Join(dir, name)
		f, err := os.Open(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return answer{}, err
		}
		data, err := readAll(f)
		if err = errors.Join(err, f.Close()); err != nil {
			return answer{}, fmt.Errorf("%s: %w", path, err)
		}
		return answer{source: path, data: data}, nil
	}
	return answer{}, nil
}

// readAll reads up to the limit, and fails beyond it.
func readAll(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxAnswer+1))
	if err == nil && len(data) > maxAnswer {
		err = fmt.Errorf("more than %d MiB, which no contract needs", maxAnswer>>20)
	}
	return data, err
}
