package emulator

import (
	"html/template"
	"slices"
	"strings"
	"sync"
	"time"
)

// Mail is a mail or a text message that the server sent; see the type of the same
// name in package authorizertest, which is made from this one.
type Mail struct {
	To               string
	SMS              bool
	Event            string
	Subject, Body    string
	Link, Token, OTP string
	SentAt           time.Time
}

// Outbox holds what the server sent. It is safe for concurrent use.
type Outbox struct {
	mu   sync.Mutex
	mail []Mail
}

func newOutbox() *Outbox { return &Outbox{} }

func (o *Outbox) reset() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.mail = nil
}

func (o *Outbox) add(m Mail) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.mail = append(o.mail, m)
}

// All is everything that was sent, the oldest first.
func (o *Outbox) All() []Mail {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.mail)
}

// message is a mail to be made from a template.
type message struct {
	to, event        string
	user             *account
	link, token, otp string
}

// send makes a mail and puts it into the outbox, if there is a mail service.
func (e *Emulator) send(m message) {
	if e.settings.NoMail {
		return
	}
	subject, body := defaultTemplate(m.event)
	if t := e.templateFor(m.event); t != nil {
		subject, body = t.Subject, t.Template
	}
	data := map[string]any{
		"user":             m.user.claims(),
		"organization":     map[string]any{"name": e.settings.OrganizationName, "logo": e.settings.OrganizationLogo},
		"verification_url": m.link,
		"otp":              m.otp,
	}
	filled, ok := fill(data, subject, body)
	if !ok {
		return // the real server sends no mail from a broken template either
	}
	e.outbox.add(Mail{
		To: m.to, Event: m.event, Subject: filled[0], Body: filled[1], Link: m.link, Token: m.token, OTP: m.otp, SentAt: e.clock.Now(),
	})
}

// sendText puts a text message with a code into the outbox.
func (e *Emulator) sendText(phone, code string) {
	if e.settings.NoSMS {
		return
	}
	e.outbox.add(Mail{To: phone, SMS: true, Event: mailOTP, Body: "Your verification code is: " + code, OTP: code, SentAt: e.clock.Now()})
}

// fill executes templates; ok is false if one of them is broken.
func fill(data any, texts ...string) (out []string, ok bool) {
	for _, text := range texts {
		t, err := template.New("mail").Parse(text)
		if err != nil {
			return nil, false
		}
		var b strings.Builder
		if t.Execute(&b, data) != nil {
			return nil, false
		}
		out = append(out, b.String())
	}
	return out, true
}

// defaultTemplate is the template of an event that has none of its own.
func defaultTemplate(event string) (subject, body string) {
	link := `<a href="{{.verification_url}}">{{.verification_url}}</a>`
	switch event {
	case verifyPassword:
		return "Reset your password", "<p>Set a new password: " + link + "</p>"
	case verifyInvite:
		return "You are invited", "<p>Accept the invitation: " + link + "</p>"
	case mailOTP:
		return "Your one-time code", "<p>Your code is {{.otp}}</p>"
	}
	return "Verify your e-mail address", "<p>Verify your address: " + link + "</p>"
}
