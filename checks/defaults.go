package checks

import (
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

// Defaults lists the values that AWS or its provider gives unset attributes, by
// service. A row without a value means that the provider chooses.
func Defaults() []*analyzer.Default {
	var rows []*analyzer.Default
	for _, service := range [][]analyzer.Default{
		ec2Defaults(),
		autoscalingDefaults(),
		ebsDefaults(),
		ssmDefaults(),
		securitygroupDefaults(),
		vpcDefaults(),
		elbDefaults(),
		wafDefaults(),
		rdsDefaults(),
		backupDefaults(),
		emrDefaults(),
		beanstalkDefaults(),
		s3Defaults(),
		dynamodbDefaults(),
		glacierDefaults(),
		sqsDefaults(),
		snsDefaults(),
		kmsDefaults(),
		secretsmanagerDefaults(),
		iamDefaults(),
		lambdaDefaults(),
		ecsDefaults(),
		ecrDefaults(),
		eksDefaults(),
		cloudtrailDefaults(),
		cloudwatchDefaults(),
		configDefaults(),
		guarddutyDefaults(),
		datastoresDefaults(),
		searchDefaults(),
		streamsDefaults(),
		filesystemsDefaults(),
		edgeDefaults(),
		apiDefaults(),
		developerDefaults(),
		analyticsDefaults(),
		changeDefaults(),
	} {
		for i := range service {
			rows = append(rows, &service[i])
		}
	}
	return rows
}

// These are the values of rows in the defaults table. The null values mean that
// the attribute stays unset, though the provider calls it computed.
var (
	isFalse   = cty.False
	isTrue    = cty.True
	isNothing = cty.NullVal(cty.DynamicPseudoType)
)

func isString(s string) cty.Value { return cty.StringVal(s) }
func isNumber(n int) cty.Value    { return cty.NumberIntVal(int64(n)) }
