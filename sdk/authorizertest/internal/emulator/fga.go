package emulator

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

const (
	maxTuples   = 100
	maxPageSize = 100
)

// fgaError is an error of the engine as the real server passes it on.
func fgaError(err error) error {
	if asError(err) != nil {
		return err
	}
	var n interface{ Number() uint32 }
	switch {
	case !errors.As(err, &n):
		return internal("%v", err)
	case n.Number() <= uint32(authorizer.CodeUnauthenticated):
		return fail(authorizer.Code(n.Number()), err.Error())
	}
	return numbered(n.Number(), err.Error())
}

// fgaLog writes a line of the audit log.
func (e *Emulator) fgaLog(ctx context.Context, in entry) {
	defer e.lock()()
	e.log(callOf(ctx), in)
}

// FGAGetModel returns the model, an empty one if there is none.
func (e *Emulator) FGAGetModel(ctx context.Context) (*authorizer.FGAModel, error) {
	if e.fga == nil {
		return nil, noFGA()
	}
	id, dsl, err := e.fga.ReadModel(ctx)
	if err != nil {
		return nil, fgaError(err)
	}
	return &authorizer.FGAModel{ID: id, DSL: dsl}, nil
}

// FGAWriteModel replaces the model.
func (e *Emulator) FGAWriteModel(ctx context.Context, req *authorizer.FGAWriteModelRequest) (*authorizer.FGAModel, error) {
	if e.fga == nil {
		return nil, noFGA()
	}
	if blank(req.DSL) {
		return nil, invalid("dsl is required")
	}
	id, err := e.fga.WriteModel(ctx, req.DSL)
	if err != nil {
		return nil, fgaError(err)
	}
	e.fgaLog(ctx, entry{action: "admin.fga_model_written", resource: "fga_model", resourceID: id})
	return &authorizer.FGAModel{ID: id, DSL: req.DSL}, nil
}

// FGAWriteTuples adds tuples.
func (e *Emulator) FGAWriteTuples(ctx context.Context, req *authorizer.FGAWriteTuplesRequest) (*authorizer.FGAWriteTuplesResponse, error) {
	if err := e.changeTuples(ctx, req.Tuples, "admin.fga_tuples_written", Engine.WriteTuples); err != nil {
		return nil, err
	}
	return &authorizer.FGAWriteTuplesResponse{Message: "Tuples written successfully"}, nil
}

// FGADeleteTuples removes tuples.
func (e *Emulator) FGADeleteTuples(ctx context.Context, req *authorizer.FGADeleteTuplesRequest) (*authorizer.FGADeleteTuplesResponse, error) {
	if err := e.changeTuples(ctx, req.Tuples, "admin.fga_tuples_deleted", Engine.DeleteTuples); err != nil {
		return nil, err
	}
	return &authorizer.FGADeleteTuplesResponse{Message: "Tuples deleted successfully"}, nil
}

func (e *Emulator) changeTuples(ctx context.Context, tuples []authorizer.FGATupleInput, action string,
	change func(Engine, context.Context, []authorizer.FGATupleInput) error) error {
	switch {
	case e.fga == nil:
		return noFGA()
	case len(tuples) == 0:
		return invalid("at least one tuple is required")
	case len(tuples) > maxTuples:
		return invalid("too many tuples: max %d per request", maxTuples)
	}
	for _, t := range tuples {
		if blank(t.User, t.Relation, t.Object) {
			return invalid("each tuple requires user, relation and object")
		}
	}
	if err := change(e.fga, ctx, tuples); err != nil {
		return tupleError(err)
	}
	e.fgaLog(ctx, entry{action: action, resource: "fga_tuple", metadata: fmt.Sprintf("count=%d", len(tuples))})
	return nil
}

// tupleError makes the engine's word about a tuple that the model does not allow
// plainer, as the real server does.
func tupleError(err error) error {
	m := regexp.MustCompile(`Invalid tuple '([^']+)'\. Reason: (.+)$`).FindStringSubmatch(err.Error())
	if m == nil {
		return fgaError(err)
	}
	return invalid("invalid tuple %q: %s — the relation and object type must be defined in the active authorization model (Step 1)", m[1], m[2])
}

// FGAReadTuples lists tuples.
func (e *Emulator) FGAReadTuples(ctx context.Context, req *authorizer.FGAReadTuplesRequest) (*authorizer.FGAReadTuplesResponse, error) {
	if e.fga == nil {
		return nil, noFGA()
	}
	size := value(req.PageSize)
	if size <= 0 || size > maxPageSize {
		size = maxPageSize
	}
	filter := authorizer.FGATupleInput{User: text(req.User), Relation: text(req.Relation), Object: text(req.Object)}
	tuples, next, err := e.fga.ReadTuples(ctx, filter, int(size), text(req.ContinuationToken))
	if err != nil {
		return nil, fgaError(err)
	}
	return &authorizer.FGAReadTuplesResponse{Tuples: tuples, ContinuationToken: next}, nil
}

// FGAListUsers lists the users that have a relation.
func (e *Emulator) FGAListUsers(ctx context.Context, req *authorizer.FGAListUsersRequest) (*authorizer.FGAListUsersResponse, error) {
	if e.fga == nil {
		return nil, noFGA()
	}
	if blank(req.Object, req.Relation, req.UserType) {
		return nil, invalid("object, relation and user_type are required")
	}
	users, err := e.fga.ListUsers(ctx, req.Object, req.Relation, req.UserType)
	if err != nil {
		return nil, fgaError(err)
	}
	return &authorizer.FGAListUsersResponse{Users: users[:min(len(users), maxListed)]}, nil
}

// FGAExpand returns the tree of who has a relation.
func (e *Emulator) FGAExpand(ctx context.Context, req *authorizer.FGAExpandRequest) (*authorizer.FGAExpandResponse, error) {
	if e.fga == nil {
		return nil, noFGA()
	}
	if blank(req.Relation, req.Object) {
		return nil, invalid("relation and object are required")
	}
	tree, err := e.fga.Expand(ctx, req.Relation, req.Object)
	if err != nil {
		return nil, fgaError(err)
	}
	return &authorizer.FGAExpandResponse{Tree: tree}, nil
}

// FGAReset forgets the model, once there are no tuples.
func (e *Emulator) FGAReset(ctx context.Context) (*authorizer.FGAResetResponse, error) {
	if e.fga == nil {
		return nil, noFGA()
	}
	left, _, err := e.fga.ReadTuples(ctx, authorizer.FGATupleInput{}, 1, "")
	if err != nil {
		return nil, fgaError(err)
	}
	if len(left) > 0 {
		return nil, precondition("remove all relationship tuples before resetting the authorization model")
	}
	if err := e.fga.Reset(ctx); err != nil {
		return nil, fgaError(err)
	}
	e.fgaLog(ctx, entry{action: "admin.fga_reset", resource: "fga_model"})
	return &authorizer.FGAResetResponse{Message: "Authorization model reset successfully"}, nil
}
