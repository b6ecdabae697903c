package emulator

import (
	"context"
	"slices"
	"strings"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

// The most that one call may ask for, and gets.
const (
	maxChecks           = 100
	maxContextualTuples = 100
	maxListed           = 1000
)

func noFGA() error { return precondition("fine-grained authorization is not enabled") }

// subject is the user that a question is about: the caller, or another one if an
// admin asks.
func (e *Emulator) subject(c *Call, wanted string) (string, error) {
	defer e.lock()()
	own := ""
	if s := e.caller(c); s != nil {
		own = "user:" + s.user
	}
	switch wanted = strings.TrimSpace(wanted); {
	case wanted == "" && own == "":
		return "", unauthorized()
	case wanted == "":
		return own, nil
	}
	if !strings.Contains(wanted, ":") {
		wanted = "user:" + wanted
	}
	kind, id, _ := strings.Cut(wanted, ":")
	switch {
	case strings.TrimSpace(kind) == "" || strings.TrimSpace(id) == "":
		return "", invalid("user must be in type:id form, got %q", wanted)
	case strings.Contains(id, "#"):
		return "", invalid("user must be a concrete subject in type:id form, not a userset, got %q", wanted)
	case wanted == own || e.isAdmin(c):
		return wanted, nil
	}
	return "", denied("not authorized to query authorization for another subject")
}

// requireRelations is an error unless the user has all relations.
func (e *Emulator) requireRelations(ctx context.Context, user string, required []authorizer.FGARelationInput) error {
	if len(required) == 0 {
		return nil
	}
	if e.fga == nil {
		return noFGA()
	}
	for _, r := range required {
		if blank(r.Relation, r.Object) {
			return invalid("each required relation needs relation and object")
		}
		allowed, err := e.fga.Check(ctx, "user:"+user, []authorizer.PermissionCheckInput{{Relation: r.Relation, Object: r.Object}})
		if err != nil || !allowed[0] {
			return denied("unauthorized")
		}
	}
	return nil
}

// blank tells whether one of the texts is.
func blank(texts ...string) bool {
	return slices.ContainsFunc(texts, func(s string) bool { return strings.TrimSpace(s) == "" })
}

// CheckPermissions answers whether the user has relations.
func (e *Emulator) CheckPermissions(ctx context.Context, req *authorizer.CheckPermissionsRequest) (*authorizer.CheckPermissionsResponse, error) {
	switch {
	case e.fga == nil:
		return nil, noFGA()
	case len(req.Checks) == 0:
		return nil, invalid("at least one check is required")
	case len(req.Checks) > maxChecks:
		return nil, invalid("too many checks: max %d per request", maxChecks)
	}
	user, err := e.subject(callOf(ctx), text(req.User))
	if err != nil {
		return nil, err
	}
	for _, check := range req.Checks {
		if err := checkable(check); err != nil {
			return nil, err
		}
	}
	allowed, err := e.fga.Check(ctx, user, req.Checks)
	if err != nil {
		return nil, denied("authorization check failed")
	}
	res := &authorizer.CheckPermissionsResponse{}
	for i, check := range req.Checks {
		res.Results = append(res.Results, authorizer.PermissionCheckResult{Relation: check.Relation, Object: check.Object, Allowed: allowed[i]})
	}
	return res, nil
}

func checkable(check authorizer.PermissionCheckInput) error {
	switch {
	case blank(check.Relation, check.Object):
		return invalid("each check requires relation and object")
	case len(check.ContextualTuples) > maxContextualTuples:
		return invalid("too many contextual tuples: max %d per check", maxContextualTuples)
	}
	for _, t := range check.ContextualTuples {
		if blank(t.User, t.Relation, t.Object) {
			return invalid("each contextual tuple requires user, relation and object")
		}
	}
	return nil
}

// ListPermissions lists what the user has which relations to.
func (e *Emulator) ListPermissions(ctx context.Context, req *authorizer.ListPermissionsRequest) (*authorizer.ListPermissionsResponse, error) {
	if e.fga == nil {
		return nil, noFGA()
	}
	user, err := e.subject(callOf(ctx), text(req.User))
	if err != nil {
		return nil, err
	}
	pairs, err := e.pairs(ctx, trimmed(req.Relation), trimmed(req.ObjectType))
	if err != nil {
		return nil, denied("authorization list failed")
	}
	res := &authorizer.ListPermissionsResponse{}
	for _, p := range pairs {
		objects, err := e.fga.ListObjects(ctx, user, p.relation, p.objectType)
		if err != nil {
			return nil, denied("authorization list failed")
		}
		for _, object := range objects {
			if len(res.Permissions) == maxListed {
				res.Truncated = true
				return res, nil
			}
			res.Permissions = append(res.Permissions, authorizer.Permission{Object: object, Relation: p.relation})
			if !contains(res.Objects, object) {
				res.Objects = append(res.Objects, object)
			}
		}
	}
	return res, nil
}

type pair struct{ objectType, relation string }

// pairs are the types and relations to ask for, sorted.
func (e *Emulator) pairs(ctx context.Context, relation, objectType string) ([]pair, error) {
	if relation != "" && objectType != "" {
		return []pair{{objectType, relation}}, nil
	}
	all, err := e.fga.Relations(ctx)
	if err != nil {
		return nil, err
	}
	var out []pair
	for t, relations := range all {
		for _, r := range relations {
			if (objectType == "" || t == objectType) && (relation == "" || r == relation) {
				out = append(out, pair{t, r})
			}
		}
	}
	slices.SortFunc(out, func(a, b pair) int {
		return strings.Compare(a.objectType+"\x00"+a.relation, b.objectType+"\x00"+b.relation)
	})
	return out, nil
}
