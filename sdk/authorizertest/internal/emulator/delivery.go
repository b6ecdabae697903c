package emulator

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

// event is something that webhooks are called on.
type event struct {
	name, method string
	user         *account
}

// deliveries are the webhook calls that are under way.
type deliveries struct {
	mu      sync.Mutex
	stop    context.CancelFunc
	ctx     context.Context
	pending sync.WaitGroup
}

func (d *deliveries) context() context.Context {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ctx == nil {
		d.ctx, d.stop = context.WithCancel(context.Background())
	}
	return d.ctx
}

func (d *deliveries) wait() { d.pending.Wait() }

func (d *deliveries) close() {
	d.context()
	d.stop()
	d.wait()
}

// call is one webhook call.
type call struct {
	webhook authorizer.Webhook
	body    []byte
}

// fire calls the webhooks of the events, one after the other, in the
// background. What they are told is what holds now.
func (e *Emulator) fire(events ...event) {
	var calls []call
	for _, ev := range events {
		for _, w := range e.webhooks {
			if w.Enabled && strings.HasPrefix(w.EventName, ev.name) {
				calls = append(calls, call{*w, eventBody(ev, w)})
			}
		}
	}
	if len(calls) == 0 {
		return
	}
	ctx := e.hooks.context()
	e.hooks.pending.Go(func() {
		for _, c := range calls {
			e.deliver(ctx, c)
		}
	})
}

func eventBody(ev event, w *authorizer.Webhook) []byte {
	body := map[string]any{
		"webhook_id": w.ID, "event_name": ev.name, "event_description": shown(*w).EventDescription, "user": ev.user.claims(),
	}
	if ev.name == eventLogin || ev.name == eventSignup {
		body["auth_recipe"] = ev.method
	}
	return encode(body)
}

func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("encoding an event: %v", err)) // all of it came as JSON
	}
	return b
}

// deliver makes one call, signed with the client secret, and logs it. Like the
// real server, it logs no call that got no answer.
func (e *Emulator) deliver(ctx context.Context, c call) {
	header := headersOf(c.webhook.Headers)
	mac := hmac.New(sha256.New, []byte(e.secrets.clientSecret))
	mac.Write(c.body)
	header.Set("X-Authorizer-Signature", hex.EncodeToString(mac.Sum(nil)))
	status, answer := 0, ""
	if err := e.endpointAllowed(c.webhook.Endpoint); err != nil {
		answer = fmt.Sprintf(`{"error": "SSRF validation failed: %v"}`, err)
	} else if status, answer, err = e.post(ctx, c.webhook.Endpoint, c.body, header); err != nil {
		return
	}
	defer e.lock()()
	e.webhookLogs = append(e.webhookLogs, &authorizer.WebhookLog{
		ID: newID(), HTTPStatus: int64(status), Request: string(c.body), Response: answer, WebhookID: c.webhook.ID,
		CreatedAt: e.now(), UpdatedAt: e.now(),
	})
}

// headersOf are headers as a webhook has them: any values.
func headersOf(in map[string]any) http.Header {
	out := http.Header{}
	for name, v := range in {
		if v == nil {
			v = ""
		}
		out.Set(name, fmt.Sprint(v))
	}
	return out
}

// webhookTimeout bounds one call, in real time.
const webhookTimeout = 30 * time.Second

// post calls an endpoint. It connects to loopback and nowhere else.
func (e *Emulator) post(ctx context.Context, endpoint string, body []byte, header http.Header) (status int, answer string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, bytes.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	req.Header = header
	req.Header.Set("Content-Type", "application/json")
	transport := &http.Transport{DialContext: e.dial, DisableKeepAlives: true}
	res, err := (&http.Client{Transport: transport, Timeout: webhookTimeout}).Do(req)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	return res.StatusCode, string(text), err
}

var errNotLoopback = errors.New("the emulator calls endpoints on loopback only")

func (e *Emulator) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if instead, ok := e.hosts[host]; ok {
		address = instead
		if host, _, err = net.SplitHostPort(address); err != nil {
			return nil, err
		}
	}
	if !loopback(host) {
		return nil, errNotLoopback
	}
	return new(net.Dialer).DialContext(ctx, network, address)
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// endpointAllowed holds an endpoint against the rules; see [Config]. No name is
// looked up.
func (e *Emulator) endpointAllowed(endpoint string) error {
	u, err := url.Parse(endpoint)
	switch {
	case err != nil:
		return errors.New("malformed URL")
	case u.Scheme != "http" && u.Scheme != "https":
		return errors.New("only http and https schemes are allowed")
	case u.Hostname() == "":
		return errors.New("missing host")
	case e.hosts == nil:
		return nil
	}
	ip := net.ParseIP(u.Hostname())
	switch _, known := e.hosts[u.Hostname()]; {
	case known:
		return nil
	case loopback(u.Hostname()) || ip != nil && (ip.IsPrivate() || ip.IsLinkLocalUnicast() || ip.IsUnspecified() || ip.IsMulticast()):
		return errors.New("requests to private/internal networks are not allowed")
	case ip != nil:
		return nil
	}
	return fmt.Errorf("failed to resolve host: lookup %s: no such host", u.Hostname())
}
