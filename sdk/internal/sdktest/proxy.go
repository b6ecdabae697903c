package sdktest

import (
	"io"
	"net"
	"sync"
	"testing"
)

// Proxy passes bytes on between callers and a server, over any protocol, until
// it is told to fail.
type Proxy struct {
	target string
	lis    net.Listener

	mu       sync.Mutex
	conns    map[*proxied]bool
	accepted int
	refuse   int // how many connections to close at once
}

// proxied is one connection through a proxy.
type proxied struct {
	caller, server *net.TCPConn

	mu     sync.Mutex
	budget int64 // bytes of answer until it fails; negative: endless
	stall  bool  // fail by silence
	done   chan struct{}
	once   sync.Once
}

// NewProxy starts a proxy in front of host:port, until the test ends.
func NewProxy(t testing.TB, target string) *Proxy {
	t.Helper()
	lis, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{target: target, lis: lis, conns: map[*proxied]bool{}}
	go p.serve()
	t.Cleanup(func() {
		_ = lis.Close()
		p.Reset()
	})
	return p
}

// Addr is the host:port to call.
func (p *Proxy) Addr() string { return p.lis.Addr().String() }

// Accepted counts the connections so far.
func (p *Proxy) Accepted() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.accepted
}

// Open counts the connections there are.
func (p *Proxy) Open() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.conns)
}

// Refuse resets the next n connections as soon as they are there.
func (p *Proxy) Refuse(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refuse = n
}

// Reset resets every connection now.
func (p *Proxy) Reset() {
	p.each(func(c *proxied) { c.reset() })
}

// Close closes every connection in an orderly way, as a server does with idle
// ones.
func (p *Proxy) Close() {
	p.each(func(c *proxied) { c.close() })
}

// CutAfter resets every connection there is after n more bytes of answer.
func (p *Proxy) CutAfter(n int64) { p.each(func(c *proxied) { c.limit(n, false) }) }

// StallAfter lets nothing through any more after n more bytes of answer.
func (p *Proxy) StallAfter(n int64) { p.each(func(c *proxied) { c.limit(n, true) }) }

func (p *Proxy) each(f func(*proxied)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		f(c)
	}
}

func (p *Proxy) serve() {
	for {
		conn, err := p.lis.Accept()
		if err != nil {
			return
		}
		caller, _ := conn.(*net.TCPConn)
		if p.refused() {
			_ = caller.SetLinger(0)
			_ = caller.Close()
			continue
		}
		p.pass(caller)
	}
}

func (p *Proxy) refused() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.accepted++
	if p.refuse == 0 {
		return false
	}
	p.refuse--
	return true
}

func (p *Proxy) pass(caller *net.TCPConn) {
	conn, err := net.Dial("tcp", p.target)
	if err != nil {
		_ = caller.Close()
		return
	}
	server, _ := conn.(*net.TCPConn)
	c := &proxied{caller: caller, server: server, budget: -1, done: make(chan struct{})}
	p.mu.Lock()
	p.conns[c] = true
	p.mu.Unlock()
	go func() {
		_, _ = io.Copy(server, caller)
		c.close()
	}()
	go func() {
		_, _ = io.Copy(c, server)
		c.close()
		p.mu.Lock()
		delete(p.conns, c)
		p.mu.Unlock()
	}()
}

// Write passes a part of an answer on, as far as it may.
func (c *proxied) Write(b []byte) (int, error) {
	c.mu.Lock()
	budget, stall := c.budget, c.stall
	if budget >= 0 {
		c.budget = max(0, budget-int64(len(b)))
	}
	c.mu.Unlock()
	if budget < 0 || int64(len(b)) <= budget {
		return c.caller.Write(b)
	}
	n, err := c.caller.Write(b[:budget])
	if err != nil {
		return n, err
	}
	if stall {
		<-c.done
	}
	c.reset()
	return n, io.ErrClosedPipe
}

func (c *proxied) limit(n int64, stall bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.budget, c.stall = n, stall
}

func (c *proxied) reset() {
	_ = c.caller.SetLinger(0)
	c.close()
}

func (c *proxied) close() {
	c.once.Do(func() { close(c.done) })
	_ = c.caller.Close()
	_ = c.server.Close()
}
