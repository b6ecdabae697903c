// Package fga gives the emulator of package authorizertest fine-grained
// authorization: OpenFGA's own engine as a library, with its store in memory.
//
//	srv := authorizertest.New(t, authorizertest.WithFGA(fga.New(t)))
//
// It is a module of its own, so that only those who ask for it load and link
// OpenFGA: go get github.com/triwire/authorizer-sdk/sdk/authorizertest/fga
package fga

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	openfgav1 "github.com/openfga/api/proto/openfga/v1"
	"github.com/openfga/language/pkg/go/transformer"
	"github.com/openfga/openfga/pkg/server"
	"github.com/openfga/openfga/pkg/storage/memory"
	"github.com/openfga/openfga/pkg/tuple"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/wrapperspb"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	"github.com/triwire/authorizer-sdk/sdk/authorizertest"
)

// Engine is OpenFGA with its store in memory. It is safe for concurrent use.
type Engine struct {
	server *server.Server
	close  func()

	mu           sync.RWMutex
	store, model string // ids; model is empty until there is one
}

var _ authorizertest.FGAEngine = (*Engine)(nil)

// New starts an engine that is closed when the test ends.
func New(t testing.TB) *Engine {
	t.Helper()
	e, err := Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return e
}

// Start starts an engine. It must be closed.
func Start() (*Engine, error) {
	store := memory.New()
	s, err := server.NewServerWithOpts(server.WithDatastore(store))
	if err != nil {
		store.Close()
		return nil, fmt.Errorf("fga: %w", err)
	}
	e := &Engine{server: s, close: func() { s.Close(); store.Close() }}
	if err := e.newStore(context.Background()); err != nil {
		e.Close()
		return nil, err
	}
	return e, nil
}

// Close stops the engine.
func (e *Engine) Close() { e.close() }

func (e *Engine) newStore(ctx context.Context) error {
	created, err := e.server.CreateStore(ctx, &openfgav1.CreateStoreRequest{Name: "authorizer"})
	if err != nil {
		return fmt.Errorf("fga: %w", err)
	}
	e.store, e.model = created.GetId(), ""
	return nil
}

// Reset forgets the model and all tuples.
func (e *Engine) Reset(ctx context.Context) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if _, err := e.server.DeleteStore(ctx, &openfgav1.DeleteStoreRequest{StoreId: e.store}); err != nil {
		return failed("Reset: DeleteStore", err)
	}
	return e.newStore(ctx)
}

// ids are the ids of the store and the model.
func (e *Engine) ids() (store, model string) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.store, e.model
}

var errNoModel = errors.New("no authorization model written yet")

// modelled is ids where there must be a model.
func (e *Engine) modelled(what string) (store, model string, err error) {
	if store, model = e.ids(); model == "" {
		return "", "", fmt.Errorf("openfga.%s: %w", what, errNoModel)
	}
	return store, model, nil
}

// engineError is an error of OpenFGA, with its number: a gRPC code, or one of
// OpenFGA's own (2000 and up).
type engineError struct {
	error
	number uint32
}

func (e *engineError) Number() uint32 { return e.number }
func (e *engineError) Unwrap() error  { return e.error }

// failed is an error with the text that the real server passes on.
func failed(what string, err error) error {
	wrapped := fmt.Errorf("openfga.%s: %w", what, err)
	if s, ok := status.FromError(err); ok {
		return &engineError{wrapped, uint32(s.Code())}
	}
	return wrapped
}

// WriteModel replaces the model.
func (e *Engine) WriteModel(ctx context.Context, dsl string) (string, error) {
	parsed, err := transformer.TransformDSLToProto(dsl)
	if err != nil {
		return "", fmt.Errorf("openfga.WriteModel: invalid DSL: %w", err)
	}
	store, _ := e.ids()
	written, err := e.server.WriteAuthorizationModel(ctx, &openfgav1.WriteAuthorizationModelRequest{
		StoreId: store, TypeDefinitions: parsed.GetTypeDefinitions(),
		SchemaVersion: parsed.GetSchemaVersion(), Conditions: parsed.GetConditions(),
	})
	if err != nil {
		return "", failed("WriteModel", err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.model = written.GetAuthorizationModelId()
	return e.model, nil
}

func (e *Engine) readModel(ctx context.Context, what string) (*openfgav1.AuthorizationModel, error) {
	store, model, err := e.modelled(what)
	if err != nil {
		return nil, err
	}
	read, err := e.server.ReadAuthorizationModel(ctx, &openfgav1.ReadAuthorizationModelRequest{StoreId: store, Id: model})
	if err != nil {
		return nil, failed(what, err)
	}
	return read.GetAuthorizationModel(), nil
}

// ReadModel returns the model, with its relations sorted.
func (e *Engine) ReadModel(ctx context.Context) (id, dsl string, err error) {
	model, err := e.readModel(ctx, "ReadModel")
	if errors.Is(err, errNoModel) {
		return "", "", nil
	}
	if err != nil {
		return "", "", err
	}
	text, err := protojson.Marshal(model)
	if err != nil {
		return "", "", fmt.Errorf("openfga.ReadModel: marshal model: %w", err)
	}
	printed, err := transformer.TransformJSONStringToDSL(string(text))
	if err != nil {
		return "", "", fmt.Errorf("openfga.ReadModel: render DSL: %w", err)
	}
	return model.GetId(), *printed, nil
}

// Relations are the relations of each type that has some.
func (e *Engine) Relations(ctx context.Context) (map[string][]string, error) {
	model, err := e.readModel(ctx, "TypeRelations")
	if err != nil {
		return nil, err
	}
	out := map[string][]string{}
	for _, t := range model.GetTypeDefinitions() {
		if len(t.GetRelations()) > 0 {
			out[t.GetType()] = slices.Sorted(maps.Keys(t.GetRelations()))
		}
	}
	return out, nil
}

// WriteTuples adds tuples.
func (e *Engine) WriteTuples(ctx context.Context, tuples []authorizer.FGATupleInput) error {
	store, model := e.ids()
	_, err := e.server.Write(ctx, &openfgav1.WriteRequest{
		StoreId: store, AuthorizationModelId: model, Writes: &openfgav1.WriteRequestWrites{TupleKeys: keys(tuples)},
	})
	if err != nil {
		return failed("WriteTuples", err)
	}
	return nil
}

// DeleteTuples removes tuples.
func (e *Engine) DeleteTuples(ctx context.Context, tuples []authorizer.FGATupleInput) error {
	store, model := e.ids()
	var gone []*openfgav1.TupleKeyWithoutCondition
	for _, t := range tuples {
		gone = append(gone, &openfgav1.TupleKeyWithoutCondition{User: t.User, Relation: t.Relation, Object: t.Object})
	}
	_, err := e.server.Write(ctx, &openfgav1.WriteRequest{
		StoreId: store, AuthorizationModelId: model, Deletes: &openfgav1.WriteRequestDeletes{TupleKeys: gone},
	})
	if err != nil {
		return failed("DeleteTuples", err)
	}
	return nil
}

func keys(tuples []authorizer.FGATupleInput) []*openfgav1.TupleKey {
	var out []*openfgav1.TupleKey
	for _, t := range tuples {
		out = append(out, &openfgav1.TupleKey{User: t.User, Relation: t.Relation, Object: t.Object})
	}
	return out
}

// ReadTuples lists tuples.
func (e *Engine) ReadTuples(ctx context.Context, filter authorizer.FGATupleInput, pageSize int, token string) ([]authorizer.FGATuple, string, error) {
	store, _ := e.ids()
	req := &openfgav1.ReadRequest{StoreId: store, ContinuationToken: token, PageSize: wrapperspb.Int32(int32(pageSize))}
	if filter != (authorizer.FGATupleInput{}) {
		req.TupleKey = &openfgav1.ReadRequestTupleKey{User: filter.User, Relation: filter.Relation, Object: filter.Object}
	}
	read, err := e.server.Read(ctx, req)
	if err != nil {
		return nil, "", failed("ReadTuples", err)
	}
	var out []authorizer.FGATuple
	for _, t := range read.GetTuples() {
		k := t.GetKey()
		out = append(out, authorizer.FGATuple{User: k.GetUser(), Relation: k.GetRelation(), Object: k.GetObject()})
	}
	return out, read.GetContinuationToken(), nil
}

// Check answers for each check whether the user has the relation.
func (e *Engine) Check(ctx context.Context, user string, checks []authorizer.PermissionCheckInput) ([]bool, error) {
	store, model, err := e.modelled("BatchCheck")
	if err != nil {
		return nil, err
	}
	req := &openfgav1.BatchCheckRequest{StoreId: store, AuthorizationModelId: model}
	for i, c := range checks {
		item := &openfgav1.BatchCheckItem{
			TupleKey:      &openfgav1.CheckRequestTupleKey{User: user, Relation: c.Relation, Object: c.Object},
			CorrelationId: strconv.Itoa(i),
		}
		if len(c.ContextualTuples) > 0 {
			item.ContextualTuples = &openfgav1.ContextualTupleKeys{TupleKeys: keys(c.ContextualTuples)}
		}
		req.Checks = append(req.Checks, item)
	}
	answer, err := e.server.BatchCheck(ctx, req)
	if err != nil {
		return nil, failed("BatchCheck", err)
	}
	out := make([]bool, len(checks))
	for i := range checks {
		single := answer.GetResult()[strconv.Itoa(i)]
		if single == nil || single.GetError() != nil {
			return nil, fmt.Errorf("openfga.BatchCheck: check %d errored: %s", i, single.GetError().GetMessage())
		}
		out[i] = single.GetAllowed()
	}
	return out, nil
}

// ListObjects lists the objects of a type to which the user has the relation.
func (e *Engine) ListObjects(ctx context.Context, user, relation, objectType string) ([]string, error) {
	store, model, err := e.modelled("ListObjects")
	if err != nil {
		return nil, err
	}
	listed, err := e.server.ListObjects(ctx, &openfgav1.ListObjectsRequest{
		StoreId: store, AuthorizationModelId: model, Type: objectType, Relation: relation, User: user,
	})
	if err != nil {
		return nil, failed("ListObjects", err)
	}
	return listed.GetObjects(), nil
}

// ListUsers lists the users of a type that have the relation to an object.
func (e *Engine) ListUsers(ctx context.Context, object, relation, userType string) ([]string, error) {
	store, model, err := e.modelled("ListUsers")
	if err != nil {
		return nil, err
	}
	kind, id, ok := strings.Cut(object, ":")
	if !ok || kind == "" || id == "" {
		return nil, fmt.Errorf("openfga.ListUsers: object must be in type:id form, got %q", object)
	}
	listed, err := e.server.ListUsers(ctx, &openfgav1.ListUsersRequest{
		StoreId: store, AuthorizationModelId: model, Object: &openfgav1.Object{Type: kind, Id: id}, Relation: relation,
		UserFilters: []*openfgav1.UserTypeFilter{{Type: userType}},
	})
	if err != nil {
		return nil, failed("ListUsers", err)
	}
	var out []string
	for _, u := range listed.GetUsers() {
		out = append(out, tuple.UserProtoToString(u))
	}
	return out, nil
}

// Expand is the tree of who has a relation, as JSON text.
func (e *Engine) Expand(ctx context.Context, relation, object string) (string, error) {
	store, model, err := e.modelled("Expand")
	if err != nil {
		return "", err
	}
	expanded, err := e.server.Expand(ctx, &openfgav1.ExpandRequest{
		StoreId: store, AuthorizationModelId: model, TupleKey: &openfgav1.ExpandRequestTupleKey{Relation: relation, Object: object},
	})
	if err != nil {
		return "", failed("Expand", err)
	}
	text, err := protojson.Marshal(expanded.GetTree())
	if err != nil {
		return "", fmt.Errorf("openfga.Expand: marshal tree: %w", err)
	}
	return string(text), nil
}
