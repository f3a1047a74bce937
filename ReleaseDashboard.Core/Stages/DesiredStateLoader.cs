using Microsoft.Extensions.Options;
using ReleaseDashboard.Core.Git;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Core.Templates;

namespace ReleaseDashboard.Core.Stages;

/// <summary>Reads what a state is computed from: records, build and files of the commit; the computing itself is pure and elsewhere.</summary>
internal sealed class DesiredStateLoader(IRecordStore records, IGitRepositories git, BuildChoice builds, IPublicAddress address, IOptions<CoreOptions> options) : IDesiredStates
{
    public async Task<Outcome<LoadedState>> LoadAsync(StateRequest request, CancellationToken cancellationToken)
    {
        if (await records.FindEnvironmentAsync(request.Environment, cancellationToken) is not { } environment)
            return new Refusal("not_found", $"There is no environment {request.Environment}.");
        if (await records.FindApplicationAsync(environment.Application, cancellationToken) is not { } application)
            return new Refusal("not_found", $"The application {environment.Application} of {environment.Id} is gone.");
        if (await ReadConfigurationAsync(environment, request.Stage, cancellationToken) is not { } configuration)
            return new Refusal("not_found", $"{environment.Id} has no configuration.");

        var template = TemplateParser.Parse(configuration.Text.Template);
        if (template.Value is null) return Invalid("application template", environment, configuration, template.Diagnostics);
        var variables = VariablesParser.Parse(configuration.Text.Variables);
        if (variables.Value is null) return Invalid("variables", environment, configuration, variables.Diagnostics);

        if (await builds.FindAsync(request, environment, application, template.Value, cancellationToken) is not { } build)
            return new Refusal("build_required", $"{environment.Id} has no finished build to deploy. Deploy builds its branch first.");
        var files = await ReadFilesAsync(application, build.Commit, template.Value, cancellationToken);
        if (!files.Accepted) return files.Refusal;

        var scope = new EnvironmentScope(environment.Id, application.Name, request.DeploymentId, request.RunId, request.Attempt, build.Commit);
        var desired = DesiredStateBuilder.Build(new DesiredInput(
            scope, environment.Kind, environment.Branch, template.Value, variables.Value, build.BuildId, build.Images,
            options.Value.Domain, address.Scheme, address.Port, files.Value)
        {
            Parameters = await records.ReadParametersAsync(environment.Id, cancellationToken),
        });
        if (desired.Value is null) return Invalid("configuration", environment, configuration, Placed(desired.Diagnostics, configuration.Text));
        return new LoadedState(
            environment,
            desired.Value,
            configuration.Version,
            [.. template.Diagnostics, .. variables.Diagnostics, .. desired.Diagnostics]);
    }

    private async Task<SavedConfiguration?> ReadConfigurationAsync(ReleaseEnvironment environment, Stage stage, CancellationToken cancellationToken) =>
        stage != Stage.Setup && environment.Applied is { } applied
            ? await records.ReadConfigurationAsync(environment.Id, applied, cancellationToken)
            : await records.ReadConfigurationAsync(environment.Application, environment.Id, cancellationToken);

    private async Task<Outcome<Dictionary<string, byte[]>>> ReadFilesAsync(Application application, string commit, ApplicationTemplate template, CancellationToken cancellationToken)
    {
        var files = new Dictionary<string, byte[]>();
        try
        {
            foreach (var path in DesiredStateBuilder.FilesNeeded(template))
            {
                if (await git.ReadFileAsync(application, commit, path, cancellationToken) is not { } content)
                {
                    var services = template.Services.Where(s => s.ConfigFiles.Any(f => f.RepositoryPath == path)).Select(s => s.Name);
                    return new Refusal("invalid", $"The file {path}, which the template mounts into {string.Join(", ", services)}, does not exist at commit {ImageTasks.Short(commit)}.");
                }

                files[path] = content;
            }
        }
        catch (GitException e)
        {
            return new Refusal("invalid", e.Message);
        }

        return files;
    }

    /// <summary>What is found only when everything is put together has a path; where that is a variable's, its value has a place in one of the texts.</summary>
    private static List<TemplateDiagnostic> Placed(IReadOnlyList<TemplateDiagnostic> diagnostics, ConfigurationText text)
    {
        var places = VariablePlaces.In(text.Template, text.Variables);
        return [.. diagnostics.Select(d => places.Find(d.Path) is { } place
            ? d with { Line = place.Node.Span.Line, Column = place.Node.Span.Column, Path = $"{d.Path} of the {(place.InVariables ? "variables" : "template")}" }
            : d)];
    }

    private static Refusal Invalid(string what, ReleaseEnvironment environment, SavedConfiguration configuration, IReadOnlyList<TemplateDiagnostic> diagnostics)
    {
        var errors = diagnostics.Where(d => !d.IsWarning).ToList();
        var first = errors.Count == 0 ? "" : $" At {PlanText.Describe(errors[0])}";
        return new Refusal("template_invalid", $"The {what} {configuration.Version} of {environment.Id} has {(errors.Count == 1 ? "an error" : $"{errors.Count} errors")}.{first}", diagnostics);
    }
}
