using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace ReleaseDashboard.Endpoints;

/// <summary>What the parameters of calls on logs mean, for the description of the API.</summary>
internal static class LogParameters
{
    private static readonly Dictionary<string, string> Texts = new()
    {
        ["q"] = "Text, or with regex a regular expression: what a line has to have. 1 to 1000 characters. A filter needs q, marks or both; with both, lines have to fit both.",
        ["regex"] = "q is a regular expression. It matches in linear time, and has no lookaround and no backreferences.",
        ["case"] = "auto: a text without capitals finds every case, and a regular expression says its case itself, as by (?i).",
        ["marks"] = "error, warning or both with a comma: lines that are marked so.",
        ["context"] = "Lines shown before and behind each line that fits, 0 to 100.",
        ["from"] = "Number of the line to begin with, 1 or more. Totals count the whole log.",
        ["limit"] = "Lines: 1 to 10000. Matches: 1 to 1000.",
        ["buckets"] = "At most so many stretches of lines, 1 to 2000.",
        ["against"] = "green for the newest run before that succeeded, or the id of a run.",
    };

    private static readonly string[] Cases = ["auto", "match", "ignore"];

    public static void Describe(OpenApiOperation operation)
    {
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
        {
            if (parameter.In != ParameterLocation.Query || parameter.Name is not { Length: > 0 } name) continue;
            // The name of the field, as people write it; either case is taken.
            parameter.Name = char.ToLowerInvariant(name[0]) + name[1..];
            if (!Texts.TryGetValue(parameter.Name, out var text)) continue;
            parameter.Description = text;
            if (parameter.Name == "case" && parameter.Schema is OpenApiSchema schema) schema.Enum = [.. Cases.Select(w => (JsonNode)JsonValue.Create(w))];
        }
    }
}
