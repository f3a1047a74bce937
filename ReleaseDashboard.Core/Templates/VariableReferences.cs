using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Templates.Desired;
using ReleaseDashboard.Core.Templates.Yaml;

namespace ReleaseDashboard.Core.Templates;

/// <summary>
/// Looks, before anything is built, for <c>${NAME}</c> that nothing defines and for variables that are defined by themselves. The values are put together
/// as setup will, with stand-ins for what only a commit or an environment knows; so what is refused here is what setup would refuse.
/// </summary>
internal static class VariableReferences
{
    private const string StandIn = "application";

    /// <param name="template">A text that parses, of an application (each of its environment templates is checked) or of an environment.</param>
    /// <param name="variables">A text that parses, with the values of its secrets.</param>
    public static (IReadOnlyList<TemplateDiagnostic> Template, IReadOnlyList<TemplateDiagnostic> Variables) Check(string template, string variables)
    {
        if (YamlReader.Read(template, new DiagnosticBag(), null) is not { } root || VariablesParser.Parse(variables).Value is not { } parsed) return ([], []);
        var variablesRoot = YamlReader.Read(variables, new DiagnosticBag(), null);
        var (inTemplate, inVariables) = (new DiagnosticBag(), new DiagnosticBag());
        var known = new List<TemplateDiagnostic>();
        foreach (var shape in EnvironmentTemplateMerge.Shapes(root))
        {
            var read = new DiagnosticBag();
            if (Reading.TemplateReader.Read(shape, read) is not { } one || read.HasErrors) continue;
            var places = new VariablePlaces(shape, variablesRoot);
            foreach (var problem in Problems(one, parsed))
            {
                if (known.Exists(k => Desired.Problems.IsSame(k, problem))) continue;
                known.Add(problem);
                if (places.Find(problem.Path) is { } place)
                    (place.InVariables ? inVariables : inTemplate).Add(place.Node.Span.Line, place.Node.Span.Column, problem.Path, problem.Message, problem.Suggestion, warning: false);
            }
        }
        return (inTemplate.Items, inVariables.Items);
    }

    private static IEnumerable<TemplateDiagnostic> Problems(ApplicationTemplate template, VariablesTemplate variables)
    {
        var input = new DesiredInput(
            new EnvironmentScope(StandIn, StandIn, 0, 0, 0, StandIn), EnvironmentKind.Ephemeral, StandIn, template, variables, 0,
            [.. BuildSpecs.From(template, StandIn).Select(s => new BuildImage(s.Service, s.Image, s.Image, StandIn, 0))],
            StandIn, "http", null,
            DesiredStateBuilder.FilesNeeded(template).ToDictionary(f => f, _ => Array.Empty<byte>()))
        {
            Parameters = template.Parameters.ToDictionary(p => p.Name, _ => ""),
        };
        // Every service with a public port has an address; which one does not matter here.
        var routes = template.Services.Where(s => s.Ports.Any(p => p.Public)).Select(s => new DesiredRoute(StandIn, s.Name, 0)).ToList();
        var problems = new Problems();
        var resolver = new ServiceResolver(input, PlatformVariables.For(input, routes), problems);
        foreach (var service in template.Services) resolver.Service(service);
        foreach (var job in template.Jobs) resolver.Job(job);
        return problems.Result(input).Diagnostics.Where(d => !d.IsWarning);
    }
}
