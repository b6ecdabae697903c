package emulator

import (
	"context"
	"strings"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

func mailEvents() []string {
	return []string{verifySignup, verifyPassword, verifyMagicLink, verifyNewEmail, mailOTP, verifyInvite}
}

func (e *Emulator) template(id string) *authorizer.EmailTemplate {
	return find(e.templates, func(t *authorizer.EmailTemplate) bool { return t.ID == id })
}

func (e *Emulator) templateFor(event string) *authorizer.EmailTemplate {
	return find(e.templates, func(t *authorizer.EmailTemplate) bool { return t.EventName == event })
}

// eventTaken is the real server's answer to a second template for an event: its
// database's.
func eventTaken() error {
	return internal("UNIQUE constraint failed: authorizer_email_templates.event_name")
}

// AddEmailTemplate adds the template of the mail for an event.
func (e *Emulator) AddEmailTemplate(ctx context.Context, req *authorizer.AddEmailTemplateRequest) (*authorizer.AddEmailTemplateResponse, error) {
	defer e.lock()()
	c := callOf(ctx)
	switch {
	case !contains(mailEvents(), req.EventName):
		return nil, internal("invalid event name %s", req.EventName)
	case blank(req.Subject):
		return nil, internal("empty subject not allowed")
	case blank(req.Template):
		return nil, internal("empty template not allowed")
	case e.templateFor(req.EventName) != nil:
		return nil, eventTaken()
	}
	design := text(req.Design)
	if strings.TrimSpace(design) == "" {
		design = ""
	}
	t := &authorizer.EmailTemplate{
		ID: newID(), EventName: req.EventName, Subject: req.Subject, Template: req.Template, Design: design,
		CreatedAt: e.now(), UpdatedAt: e.now(),
	}
	e.templates = append(e.templates, t)
	e.log(c, entry{action: "admin.email_template_created", resource: "email_template", resourceID: t.ID})
	return &authorizer.AddEmailTemplateResponse{Message: "Email template added successfully"}, nil
}

// UpdateEmailTemplate changes a template. Nothing is changed if anything is
// wrong.
func (e *Emulator) UpdateEmailTemplate(ctx context.Context, req *authorizer.UpdateEmailTemplateRequest) (*authorizer.UpdateEmailTemplateResponse, error) {
	defer e.lock()()
	c := callOf(ctx)
	old := e.template(req.ID)
	if old == nil {
		return nil, noRecord()
	}
	t := *old
	if name := req.EventName; name != nil && *name != t.EventName {
		switch {
		case !contains(mailEvents(), *name):
			return nil, internal("invalid event name %s", *name)
		case e.templateFor(*name) != nil:
			return nil, eventTaken()
		}
		t.EventName = *name
	}
	for _, part := range []struct {
		name string
		to   *string
		from *string
	}{{"subject", &t.Subject, req.Subject}, {"template", &t.Template, req.Template}, {"design", &t.Design, req.Design}} {
		if part.from == nil || *part.from == *part.to {
			continue
		}
		if blank(*part.from) {
			return nil, internal("empty %s not allowed", part.name)
		}
		*part.to = *part.from
	}
	t.UpdatedAt = e.now()
	*old = t
	e.log(c, entry{action: "admin.email_template_updated", resource: "email_template", resourceID: t.ID})
	return &authorizer.UpdateEmailTemplateResponse{Message: "Email template updated successfully."}, nil
}

// DeleteEmailTemplate deletes a template.
func (e *Emulator) DeleteEmailTemplate(ctx context.Context, req *authorizer.DeleteEmailTemplateRequest) (*authorizer.DeleteEmailTemplateResponse, error) {
	defer e.lock()()
	c := callOf(ctx)
	if blank(req.ID) {
		return nil, internal("email template ID required")
	}
	t := e.template(req.ID)
	if t == nil {
		return nil, noRecord()
	}
	e.templates = without(e.templates, t)
	e.log(c, entry{action: "admin.email_template_deleted", resource: "email_template", resourceID: t.ID})
	return &authorizer.DeleteEmailTemplateResponse{Message: "Email templated deleted successfully"}, nil
}

// EmailTemplates lists templates.
func (e *Emulator) EmailTemplates(ctx context.Context, req *authorizer.EmailTemplatesRequest) (*authorizer.EmailTemplatesResponse, error) {
	defer e.lock()()
	items, at := page(e.templates, req.Pagination)
	return &authorizer.EmailTemplatesResponse{EmailTemplates: items, Pagination: at}, nil
}
