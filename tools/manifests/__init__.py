"""What the manifests of `deploy/knative` must keep to, beyond what their schemas can say."""
