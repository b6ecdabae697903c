package emulator

import (
	"context"
	"fmt"
	"maps"
	"strings"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

func webhookEvents() []string {
	return []string{eventLogin, eventCreated, eventSignup, eventAccessRevoked, eventAccessEnabled, eventDeleted, eventDeactivated}
}

func (e *Emulator) webhook(id string) *authorizer.Webhook {
	return find(e.webhooks, func(w *authorizer.Webhook) bool { return w.ID == id })
}

// shown is a webhook as methods return it.
func shown(w authorizer.Webhook) authorizer.Webhook {
	if w.EventDescription == "" {
		w.EventDescription = strings.ReplaceAll(w.EventName, ".", " ")
	}
	w.Headers = filled(w.Headers)
	return w
}

// AddWebhook registers an endpoint for an event. The event's name gets the time
// appended, which makes it unique.
func (e *Emulator) AddWebhook(ctx context.Context, req *authorizer.AddWebhookRequest) (*authorizer.AddWebhookResponse, error) {
	defer e.lock()()
	c := callOf(ctx)
	if !contains(webhookEvents(), req.EventName) {
		return nil, internal("invalid event name %s", req.EventName)
	}
	if err := e.checkEndpoint(req.Endpoint); err != nil {
		return nil, err
	}
	description := strings.ReplaceAll(req.EventName, ".", " ")
	if req.EventDescription != nil {
		description = *req.EventDescription
	}
	w := &authorizer.Webhook{
		ID: newID(), EventName: e.uniqueEvent(req.EventName), EventDescription: description, Endpoint: req.Endpoint,
		Enabled: req.Enabled, Headers: maps.Clone(req.Headers), CreatedAt: e.now(), UpdatedAt: e.now(),
	}
	e.webhooks = append(e.webhooks, w)
	e.log(c, entry{action: "admin.webhook_created", resource: "webhook", resourceID: w.ID})
	return &authorizer.AddWebhookResponse{Message: "Webhook added successfully"}, nil
}

// uniqueEvent appends the time to the name of an event that has none.
func (e *Emulator) uniqueEvent(name string) string {
	if strings.Contains(name, "-") {
		return name
	}
	return fmt.Sprintf("%s-%d", name, e.now())
}

func (e *Emulator) checkEndpoint(endpoint string) error {
	if strings.TrimSpace(endpoint) == "" {
		return internal("empty endpoint not allowed")
	}
	if err := e.endpointAllowed(endpoint); err != nil {
		return internal("invalid endpoint: %v", err)
	}
	return nil
}

// UpdateWebhook changes a webhook. Headers that are not set are lost with the
// update, as on the real server.
func (e *Emulator) UpdateWebhook(ctx context.Context, req *authorizer.UpdateWebhookRequest) (*authorizer.UpdateWebhookResponse, error) {
	defer e.lock()()
	c := callOf(ctx)
	old := e.webhook(req.ID)
	if old == nil {
		return nil, noRecord()
	}
	w := *old
	w.Headers = maps.Clone(req.Headers)
	if name := req.EventName; name != nil && *name != w.EventName {
		if !contains(webhookEvents(), *name) {
			return nil, internal("invalid event name %s", *name)
		}
		w.EventName = e.uniqueEvent(*name)
	}
	if req.Endpoint != nil && *req.Endpoint != w.Endpoint {
		if err := e.checkEndpoint(*req.Endpoint); err != nil {
			return nil, err
		}
		w.Endpoint = *req.Endpoint
	}
	w.Enabled = or(req.Enabled, w.Enabled)
	w.EventDescription = or(req.EventDescription, w.EventDescription)
	w.UpdatedAt = e.now()
	*old = w
	e.log(c, entry{action: "admin.webhook_updated", resource: "webhook", resourceID: w.ID})
	return &authorizer.UpdateWebhookResponse{Message: "Webhook updated successfully."}, nil
}

// DeleteWebhook deletes a webhook and its log.
func (e *Emulator) DeleteWebhook(ctx context.Context, req *authorizer.DeleteWebhookRequest) (*authorizer.DeleteWebhookResponse, error) {
	defer e.lock()()
	c := callOf(ctx)
	if req.ID == "" {
		return nil, internal("webhook ID required")
	}
	w := e.webhook(req.ID)
	if w == nil {
		return nil, noRecord()
	}
	e.webhooks = without(e.webhooks, w)
	e.webhookLogs = e.logsOf(func(id string) bool { return id != w.ID })
	e.log(c, entry{action: "admin.webhook_deleted", resource: "webhook", resourceID: w.ID})
	return &authorizer.DeleteWebhookResponse{Message: "Webhook deleted successfully"}, nil
}

// logsOf are the deliveries of webhooks whose ids fit.
func (e *Emulator) logsOf(fits func(id string) bool) []*authorizer.WebhookLog {
	var out []*authorizer.WebhookLog
	for _, l := range e.webhookLogs {
		if fits(l.WebhookID) {
			out = append(out, l)
		}
	}
	return out
}

// GetWebhook returns one webhook.
func (e *Emulator) GetWebhook(ctx context.Context, req *authorizer.GetWebhookRequest) (*authorizer.Webhook, error) {
	defer e.lock()()
	w := e.webhook(req.ID)
	if w == nil {
		return nil, noRecord()
	}
	return authorizer.Ptr(shown(*w)), nil
}

// Webhooks lists webhooks.
func (e *Emulator) Webhooks(ctx context.Context, req *authorizer.WebhooksRequest) (*authorizer.WebhooksResponse, error) {
	defer e.lock()()
	items, at := page(e.webhooks, req.Pagination)
	for i := range items {
		items[i] = shown(items[i])
	}
	return &authorizer.WebhooksResponse{Webhooks: items, Pagination: at}, nil
}

// WebhookLogs lists deliveries.
func (e *Emulator) WebhookLogs(ctx context.Context, req *authorizer.WebhookLogsRequest) (*authorizer.WebhookLogsResponse, error) {
	defer e.lock()()
	logs := e.webhookLogs
	if wanted := text(req.WebhookID); wanted != "" {
		logs = e.logsOf(func(id string) bool { return id == wanted })
	}
	items, at := page(logs, req.Pagination)
	return &authorizer.WebhookLogsResponse{WebhookLogs: items, Pagination: at}, nil
}

// TestEndpoint sends a sample event to an endpoint and returns its answer.
func (e *Emulator) TestEndpoint(ctx context.Context, req *authorizer.TestEndpointRequest) (*authorizer.TestEndpointResponse, error) {
	if !contains(webhookEvents(), req.EventName) {
		return nil, internal("invalid event_name %s", req.EventName)
	}
	if err := e.endpointAllowed(req.Endpoint); err != nil {
		return nil, internal("invalid endpoint: %v", err)
	}
	body := map[string]any{"event_name": eventLogin, "user": sampleUser()}
	if req.EventName == eventLogin {
		body["auth_recipe"] = methodMagicLink
	}
	status, answer, err := e.post(ctx, req.Endpoint, encode(body), headersOf(req.Headers))
	if err != nil {
		return nil, internal("%v", err)
	}
	return &authorizer.TestEndpointResponse{HTTPStatus: int64(status), Response: answer}, nil
}

func sampleUser() map[string]any {
	return (&account{
		id: newID(), email: authorizer.Ptr("test_endpoint@authorizer.dev"), emailVerified: true, signupMethods: methodMagicLink,
		givenName: authorizer.Ptr("Foo"), familyName: authorizer.Ptr("Bar"),
	}).claims()
}
