package pull

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// timeout bounds the whole pull when the context has no deadline of its own.
const timeout = time.Minute

// Sources names the endpoints of a live server. Any of the three may be empty,
// but not all.
type Sources struct {
	// GraphQL is the URL of the GraphQL endpoint.
	GraphQL string
	// OpenAPI is the URL of the OpenAPI or Swagger document.
	OpenAPI string
	// GRPC is HOST:PORT of a gRPC server with reflection.
	GRPC string

	// Headers go with every HTTP request and, as metadata, with every gRPC
	// call. Their values never appear in errors.
	Headers map[string]string
	// HTTPClient sends the HTTP requests; nil means a client of its own.
	// Redirects are not followed, so that headers go only where they were
	// meant to.
	HTTPClient *http.Client
	// TLS configures gRPC; nil means the system's certificates.
	TLS *tls.Config
	// Plaintext makes gRPC speak without TLS to any host. To this machine
	// (localhost, 127.0.0.1, ::1) it always does.
	Plaintext bool
}

// FromServer makes the contract files from what a live server answers. The keys
// of the map are paths below the project's root. All errors are reported
// together, each with its source and what to do, and with an error there is no
// map.
func FromServer(ctx context.Context, s Sources) (map[string][]byte, error) {
	if s.GraphQL == "" && s.OpenAPI == "" && s.GRPC == "" {
		return nil, errors.New("nothing to pull from: give a GraphQL URL, an OpenAPI URL or a gRPC HOST:PORT")
	}
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, timeout)
		defer cancel()
	}
	var a answers
	parts := []struct {
		kind, address string
		to            *answer
		get           func(context.Context, Sources) ([]byte, error)
	}{
		{"GraphQL", s.GraphQL, &a.graphql, introspect},
		{"OpenAPI", s.OpenAPI, &a.openapi, getOpenAPI},
		{"gRPC", s.GRPC, &a.descriptors, reflect},
	}
	// All are asked at once: one that is slow takes no time from the others.
	errs := make([]error, len(parts))
	var group sync.WaitGroup
	for i, part := range parts {
		if part.address == "" {
			continue
		}
		group.Go(func() {
			source := part.kind + " " + redacted(part.address)
			data, err := part.get(ctx, s)
			if err != nil {
				errs[i] = fmt.Errorf("%s: %w", source, err)
				return
			}
			*part.to = answer{source: source, data: data}
		})
	}
	group.Wait()
	out, err := a.render()
	if errs = append(errs, err); errors.Join(errs...) != nil {
		return nil, errors.Join(errs...)
	}
	return out, nil
}
