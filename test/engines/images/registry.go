package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

const manifestType = "application/vnd.oci.image.manifest.v1+json"

// A registry to pull from: every content lies in the folder under its digest, whatever the name of the image.
func registry(folder string, address string) {
	http.HandleFunc("/v2/", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v2/" {
			return
		}
		digest := filepath.Base(r.URL.Path)
		content, err := os.ReadFile(filepath.Join(folder, strings.TrimPrefix(digest, "sha256:")))
		if err != nil {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusNotFound)
			w.Write([]byte(`{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}`))
			return
		}
		kind := "application/octet-stream"
		if strings.Contains(r.URL.Path, "/manifests/") {
			kind = manifestType
		}
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Docker-Content-Digest", digest)
		w.Header().Set("Content-Length", strconv.Itoa(len(content)))
		w.Write(content)
	})
	fail(http.ListenAndServe(address, nil).Error())
}
