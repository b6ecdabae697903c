package emulator

import (
	"context"
	"encoding/json"
	"slices"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

// entry is one line of the audit log, without what the call itself tells.
type entry struct {
	action, resource, resourceID string
	actor                        *account // nil: the admin
	metadata                     string
}

// log writes a line of the audit log.
func (e *Emulator) log(c *Call, in entry) {
	line := &authorizer.AuditLog{
		ID: newID(), ActorType: "admin", Action: in.action, ResourceType: in.resource, ResourceID: in.resourceID,
		IPAddress: c.ip(), UserAgent: c.userAgent(), Metadata: auditMetadata(in.metadata, c.Protocol), CreatedAt: e.now(),
	}
	if in.actor != nil {
		line.ActorType, line.ActorID, line.ActorEmail = "user", in.actor.id, text(in.actor.email)
	}
	e.audit = append(e.audit, line)
}

// byUser is a line about what a user did to himself.
func byUser(action, resource string, a *account) entry {
	return entry{action: action, resource: resource, resourceID: a.id, actor: a}
}

// auditMetadata folds the protocol into the details, as the real server does.
func auditMetadata(details string, p authorizer.Protocol) string {
	if p == "" {
		return details
	}
	out := map[string]string{"protocol": string(p)}
	if details != "" {
		out["metadata"] = details
	}
	text, _ := json.Marshal(out) // texts only: never fails
	return string(text)
}

// AuditLogs lists what was done.
func (e *Emulator) AuditLogs(ctx context.Context, req *authorizer.AuditLogsRequest) (*authorizer.AuditLogsResponse, error) {
	defer e.lock()()
	lines := slices.DeleteFunc(slices.Clone(e.audit), func(l *authorizer.AuditLog) bool {
		differs := func(wanted *string, got string) bool { return text(wanted) != "" && *wanted != got }
		return differs(req.Action, l.Action) || differs(req.ActorID, l.ActorID) ||
			differs(req.ResourceType, l.ResourceType) || differs(req.ResourceID, l.ResourceID) ||
			req.FromTimestamp != nil && l.CreatedAt < *req.FromTimestamp ||
			req.ToTimestamp != nil && l.CreatedAt > *req.ToTimestamp
	})
	items, at := page(lines, req.Pagination)
	return &authorizer.AuditLogsResponse{AuditLogs: items, Pagination: at}, nil
}
