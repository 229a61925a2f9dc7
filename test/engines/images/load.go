package main

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"sync"
	"time"
)

type told struct {
	Count    int            `json:"count"`
	Failed   int            `json:"failed"`
	Reasons  map[string]int `json:"reasons"`
	Versions map[string]int `json:"versions"`
}

// Sends requests over kept connections until it is ended, then tells in JSON how they went.
func load(url string, ending chan os.Signal) {
	var lock sync.Mutex
	var workers sync.WaitGroup
	sum := told{Reasons: map[string]int{}, Versions: map[string]int{}}
	over := make(chan bool)
	for range 8 {
		workers.Add(1)
		go func() {
			defer workers.Done()
			client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 1}}
			for {
				version, why := ask(client, url)
				lock.Lock()
				sum.Count++
				if why != "" {
					sum.Failed++
					sum.Reasons[why]++
				} else {
					sum.Versions[version]++
				}
				lock.Unlock()
				select {
				case <-over:
					return
				case <-time.After(20 * time.Millisecond):
				}
			}
		}()
	}
	<-ending
	close(over)
	workers.Wait()
	json.NewEncoder(os.Stdout).Encode(sum)
}

func ask(client *http.Client, url string) (version string, why string) {
	answer, err := client.Get(url)
	if err != nil {
		return "", err.Error()
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return "", err.Error()
	}
	if answer.StatusCode != http.StatusOK {
		return "", answer.Status
	}
	return answer.Header.Get("X-Version"), ""
}
