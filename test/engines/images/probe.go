package main

import (
	"encoding/json"
	"net/http"
	"os"
	"sync"
	"time"
)

type answer struct {
	// Milliseconds since the epoch.
	Sent    float64 `json:"sent"`
	Ended   float64 `json:"ended"`
	Version string  `json:"version"`
	Failed  string  `json:"failed"`
}

// Sends a request every 5 ms, each over a connection of its own, until it is ended; then tells of each in JSON.
func probe(url string, ending chan os.Signal) {
	var lock sync.Mutex
	var asking sync.WaitGroup
	answers := []answer{}
	client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	now := func() float64 { return float64(time.Now().UnixMicro()) / 1000 }
	beat := time.NewTicker(5 * time.Millisecond)
	for {
		select {
		case <-ending:
			asking.Wait()
			json.NewEncoder(os.Stdout).Encode(answers)
			return
		case <-beat.C:
		}
		asking.Add(1)
		go func() {
			defer asking.Done()
			sent := now()
			version, why := ask(client, url)
			lock.Lock()
			defer lock.Unlock()
			answers = append(answers, answer{sent, now(), version, why})
		}()
	}
}
