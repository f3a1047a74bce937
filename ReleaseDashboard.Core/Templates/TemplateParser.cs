using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Templates.Reading;
using ReleaseDashboard.Core.Templates.Yaml;

namespace ReleaseDashboard.Core.Templates;

/// <summary>Reads an Application Template, or the configuration of one environment. Never throws, whatever the text is.</summary>
public static class TemplateParser
{
    public static Parsed<ApplicationTemplate> Parse(string yaml)
    {
        var bag = new DiagnosticBag();
        if (YamlReader.Read(yaml, bag, "The template") is not { } root) return bag.Result<ApplicationTemplate>(null);

        var template = TemplateReader.Read(root, bag);
        foreach (var variant in EnvironmentTemplateMerge.Overrides(root))
        {
            // Read once as each kind of environment will read it, so that a mistake in an override is found now and at its place.
            TemplateReader.Read(EnvironmentTemplateMerge.Apply(root, variant), bag);
        }
        return bag.Result(template);
    }
}
