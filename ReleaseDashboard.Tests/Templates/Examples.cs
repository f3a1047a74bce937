using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Templates;
using Xunit;

namespace ReleaseDashboard.Tests.Templates;

/// <summary>Templates in the shapes users write.</summary>
internal static class Examples
{
    public const string Generated = """
        ---
        execution_type: server
        auto_deploy: true
        context: local-docker
        domain: apps.example.test
        repo_name: acme/poll
        hostnames:
        - vote:   vote-poll-${env_id}.${domain}
        - result: result-poll-${env_id}.${domain}
        environment_templates:
        - name: ephemeral
        - name: permanent
          resources: { replicas: 2 }
        resources:
          cpu:    { limits: 1000m, requests: 100m }
          memory: { limits: 1Gi,   requests: 100Mi }
          replicas: 1
        services:
        - name: db
          image: postgres:14
          has_repo: false
          readiness_probe:
            exec: { command: [pg_isready, "-U", postgres] }
            period_seconds: 5
            timeout_seconds: 3
            failure_threshold: 10
            initial_delay_seconds: 0
          ports:
          - { type: container_port, port: '5432', loadbalancer: false }
        - name: cache
          image: redis:alpine
          has_repo: false
          ports:
          - { type: container_port, port: '6379' }
        - name: vote
          image: acme/poll/vote
          build: { context: vote }
          has_repo: true
          args: [python, app.py]
          depends_on: [cache, db]
          ports:
          - { type: node_port, target_port: '80', port: '5000', loadbalancer: false }
        - name: result
          image: acme/poll/result
          build: { context: result, target: dev, args: ["NODE_ENV=production"] }
          has_repo: true
          depends_on: [db]
          ports:
          - { type: node_port, target_port: '80', port: '5001', loadbalancer: false }
        - name: worker
          image: acme/poll/worker
          build: { context: worker }
          has_repo: true
          depends_on: [cache, db]
        jobs:
        - name: migrate
          from_services: result
          command: ["./bin/migrate"]
          completed_timeout: 600
        workflows:
        - name: setup
          parallelize:
          - step: services-0
            tasks: [services.db, services.cache]
          - step: migrate
            tasks: [jobs.migrate]
            halt_on_error: true
          - step: services-1
            tasks: [services.vote, services.result, services.worker]
        - name: patch
          parallelize:
          - step: migrate
            tasks: [jobs.migrate]
            halt_on_error: true
          - step: services-0
            tasks: [services.vote, services.result, services.worker]
        - name: teardown
          parallelize:
          - step: remove-environment
            tasks: [release.remove_environment]
        """;

    public const string Large = """
        ---
        auto_deploy: true
        context: local-docker
        domain: apps.example.test
        repo_name: acme/platform
        tracking_branch: trunk
        parallelize_app_imports: true
        app_imports:
        - name: identity
        - name: billing
          branch: stable
          exclude_services: [{ name: redis }]
        parameters:
        - { name: model, type: string, description: model tag to load, default: small, optional: true }
        service_accounts:
        - { name: infra, cloud_role: "arn:aws:iam::${cloud_account_id}:role/env-infra" }
        shared_volumes:
        - { name: models, size: 20Gi, type: persistent }
        infrastructure:
        - { name: queue, type: terraform, directory: ./infra, values: ./infra/dev.tfvars }
        builds:
        - { name: tools, context: tools, dockerfile: Dockerfile }
        environment_templates:
        - name: ephemeral
          datasets: [{ name: staging-copy }]
        - name: permanent
        resources:
          cpu:    { limits: 500m, requests: 50m }
          memory: { limits: 1Gi,  requests: 100Mi }
          replicas: 1
        hostnames:
        - api:   api-${env_id}.${domain}
        - admin: admin-${env_id}.${domain}
        services:
        - name: pg
          image: postgres:14-alpine
          ports: [{ type: container_port, port: '5432' }]
        - name: api
          image: acme/platform/api
          has_repo: true
          build: { dockerfile: ./docker/go.Dockerfile, args: ["TARGET=api"] }
          configmap:
          - { name: api-conf, repo_path: ./conf/api.toml, mount_path: /etc/api.toml }
          volumes:
          - { claim: models, mount_path: /models }
          - { name: shm, type: shmem, size: 1Gi, mount_path: /dev/shm }
          envs:
          - { key: MODEL, value: "${parameters.model}" }
          ports:
          - { type: node_port, target_port: '8080', port: '8080' }
        - name: admin
          static: true
          build_base: ''
          build_package_install_command: npm install
          build_command: npm run build
          build_output_directory: dist/admin
        - name: tools
          image: acme/platform/tools
          has_repo: true
        jobs:
        - { name: ensure-db, from_services: pg, command: [sh, -c, "createdb app || true"] }
        - { name: migrate,   from_services: tools, command: ["./migrate.sh"], completed_timeout: 900 }
        - { name: snapshot,  from_services: tools, command: ["./snapshot.sh"] }
        workflows:
        - name: setup
          parallelize:
          - { step: infra,     tasks: [infrastructure.queue] }
          - { step: data,      tasks: [services.pg] }
          - { step: ensure,    tasks: [jobs.ensure-db], halt_on_error: true }
          - { step: migrate,   tasks: [jobs.migrate],   halt_on_error: true, wait_for_finish: true }
          - { step: frontends, tasks: [services.admin], wait_for_finish: false }
          - { step: backends,  tasks: [services.api] }
        - name: patch
          parallelize:
          - { step: migrate,   tasks: [jobs.migrate], halt_on_error: true }
          - { step: frontends, tasks: [services.admin], wait_for_finish: false }
          - { step: backends,  tasks: [services.api] }
        - name: reseed                       # custom workflow, run by hand
          parallelize:
          - { step: reseed, tasks: [jobs.migrate] }
        - name: teardown
          order_from:
          - jobs.snapshot
          - infrastructure.queue
          - release.remove_environment
        """;

    public static ApplicationTemplate Template(string yaml)
    {
        var parsed = TemplateParser.Parse(yaml);
        Assert.True(parsed.Value is not null, string.Join('\n', parsed.Diagnostics));
        return parsed.Value;
    }

    public static VariablesTemplate Variables(string yaml)
    {
        var parsed = VariablesParser.Parse(yaml);
        Assert.True(parsed.Value is not null, string.Join('\n', parsed.Diagnostics));
        return parsed.Value;
    }
}
