package authorizertest

import (
	"time"

	"github.com/triwire/authorizer-sdk/sdk/authorizertest/internal/emulator"
)

// Mail is a mail or a text message that the server sent.
type Mail struct {
	// To is an e-mail address or, if SMS is true, a phone number.
	To string
	// SMS: it is a text message.
	SMS bool
	// Event is what the mail is about, as e-mail templates name it:
	// basic_auth_signup, magic_link_login, update_email, forgot_password,
	// invite_member or verify_otp.
	Event string
	// Subject and Body (HTML) are what the template made. Of a text message
	// there is only the body.
	Subject, Body string
	// Link is the link to follow, Token the token in it, OTP the one-time code;
	// each is empty where there is none.
	Link, Token, OTP string
	// SentAt is when it was sent, by the server's clock.
	SentAt time.Time
}

// Outbox holds what the server sent. A mail is there when the call that sends it
// returns.
type Outbox struct{ outbox *emulator.Outbox }

// All is everything that was sent, the oldest first.
func (o *Outbox) All() []Mail {
	var all []Mail
	for _, m := range o.outbox.All() {
		all = append(all, Mail(m))
	}
	return all
}

// Last is the newest mail to an e-mail address or phone number; ok is false if
// there is none.
func (o *Outbox) Last(to string) (m Mail, ok bool) {
	for _, sent := range o.All() {
		if sent.To == to {
			m, ok = sent, true
		}
	}
	return m, ok
}
